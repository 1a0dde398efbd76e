//! The waker as a process of its own, and what it takes of the machine.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::figures::Figures;
use crate::support::api_server::ApiServer;
use crate::support::apps::TestApp;
use crate::support::client::{ask, request};

const START_LIMIT: Duration = Duration::from_mins(2);
const MOST_MEBIBYTES: f64 = 64.0;

/// A running waker.
pub(crate) struct Program {
    pub(crate) address: SocketAddr,
    child: Child,
    _folder: TempDir,
}

impl Program {
    /// Starts one that knows all apps there are.
    pub(crate) async fn start(cluster: &ApiServer) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let kubeconfig = folder.path().join("kubeconfig");
        fs::write(&kubeconfig, kubeconfig_of(cluster))?;
        let (address, health) = (free_address()?, free_address()?);
        let program = std::env::var("ROOST_WAKE_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_wake").to_owned());
        let child = Command::new(program)
            .env("KUBECONFIG", &kubeconfig)
            .env("ROOST_ADDRESS", address.to_string())
            .env("ROOST_HEALTH_ADDRESS", health.to_string())
            .env("ROOST_HOLD_LIMIT_SECONDS", "120")
            .env("RUST_LOG", "warn")
            .spawn()?;
        let started = Self { address, child, _folder: folder };
        timeout(START_LIMIT, ready(health)).await.context("the waker is not ready")?;
        Ok(started)
    }

    /// What is resident of it, in KiB.
    pub(crate) fn resident(&self) -> Result<f64> {
        self.status("VmRSS:")
    }

    /// The most that was ever resident of it, in KiB.
    pub(crate) fn peak(&self) -> Result<f64> {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no such line")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // One that has ended by itself needs no end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn kubeconfig_of(cluster: &ApiServer) -> String {
    let entry = |kind: &str, what: &str| format!("{{\"name\": \"c\", \"{kind}\": {what}}}");
    format!(
        "{{\"current-context\": \"c\", \"clusters\": [{}], \"users\": [{}], \"contexts\": [{}]}}",
        entry("cluster", &format!("{{\"server\": \"{}\"}}", cluster.address)),
        entry("user", "{}"),
        entry("context", "{\"cluster\": \"c\", \"user\": \"c\"}")
    )
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

async fn ready(health: SocketAddr) {
    let is_ready =
        || async { ask(health, request("GET", "waker", "/readyz", &[])).await.is_ok_and(|it| it.status == 200) };
    while !is_ready().await {
        sleep(Duration::from_millis(20)).await;
    }
}

/// How much memory it takes to know so many hosts.
pub(crate) async fn with_many_hosts(figures: &mut Figures, hosts: usize) -> Result<()> {
    let cluster = ApiServer::start().await;
    for number in 0..hosts {
        TestApp::new(&format!("tenant{}", number / 5), &format!("three-short-words-{number}")).asleep(&cluster.store);
    }
    let program = Program::start(&cluster).await?;
    figures.below(&format!("memory with {hosts} hosts"), program.resident()? / 1024.0, MOST_MEBIBYTES, "MiB");
    figures.below(&format!("peak memory with {hosts} hosts"), program.peak()? / 1024.0, MOST_MEBIBYTES, "MiB");
    let unknown = ask(program.address, request("GET", "nobody.example.com", "/", &[])).await?;
    ensure!(unknown.status == 404, "an unknown host got {}", unknown.status);
    Ok(())
}
