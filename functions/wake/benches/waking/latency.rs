//! How long a request to a sleeping app takes whose pods are ready the moment they are asked for: all of it is the
//! waker's own time, and that of the calls it makes.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::figures::{Figures, percentile};
use crate::program::Program;
use crate::support::api_server::ApiServer;
use crate::support::apps::TestApp;
use crate::support::client::{ask, request};
use crate::support::kubelet::{self, Start};
use crate::support::pod::Pod;
use tokio::time::sleep;

const APPS: usize = 100;
const MOST_MILLISECONDS: f64 = 15.0;

pub(crate) async fn measure(figures: &mut Figures) -> Result<()> {
    let (cluster, pod) = (ApiServer::start().await, Pod::start(Duration::ZERO).await);
    let apps: Vec<_> = (0..APPS).map(|number| TestApp::new("alice", &format!("app-{number}"))).collect();
    for app in &apps {
        app.asleep(&cluster.store);
    }
    kubelet::run(&cluster.store, Start::Ready(pod.address, Duration::ZERO));
    let program = Program::start(&cluster).await?;
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for app in &apps {
        for times in [&mut first, &mut again] {
            let began = Instant::now();
            let answer = ask(program.address, request("GET", &app.host(), "/", &[])).await?;
            times.push(began.elapsed().as_secs_f64() * 1e3);
            ensure!(answer.is_of_app(), "{answer:?}");
        }
        sleep(Duration::from_millis(20)).await;
    }
    figures.below(
        "waking an app whose pods are ready at once, p50",
        percentile(&mut first, 50),
        MOST_MILLISECONDS,
        "ms",
    );
    figures.show("the same, p99", percentile(&mut first, 99), "ms");
    figures.show("passing a request on to an app that is awake, p50", percentile(&mut again, 50), "ms");
    Ok(())
}
