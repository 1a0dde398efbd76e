//! How fast apps wake as far as that is the waker's doing, how many requests it holds, and in how much memory. The waker
//! is the program itself, in a process of its own; the cluster is one whose pods are ready when they are told to be.
//! Arguments choose parts: `latency`, `bursts`, `many-apps`, `hosts`.

#[path = "../../tests/support/mod.rs"]
mod support;

mod bursts;
mod figures;
mod latency;
mod program;

use anyhow::Result;
use bursts::By;
use figures::Figures;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

#[tokio::main]
async fn main() -> Result<()> {
    let most = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most })?;
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_wanted = |part: &str| asked.is_empty() || asked.iter().any(|asked| asked == part);
    let mut figures = Figures::default();
    if is_wanted("latency") {
        latency::measure(&mut figures).await?;
    }
    if is_wanted("bursts") {
        for requests in [1, 100, 1_000, 10_000] {
            bursts::on_one_app(&mut figures, By::Http2, requests).await?;
        }
        for requests in [1_000, 10_000] {
            bursts::on_one_app(&mut figures, By::Http1, requests).await?;
        }
    }
    if is_wanted("many-apps") {
        bursts::on_many_apps(&mut figures, 1_000, 10).await?;
    }
    if is_wanted("hosts") {
        program::with_many_hosts(&mut figures, 100_000).await?;
    }
    figures.judge()
}
