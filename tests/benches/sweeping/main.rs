//! What a sweep costs in a cluster of 100,000 apps of which some are awake. `ROOST_APPS` says how many there are.

mod apps;
mod gateway;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use roost_tests::function::{Ending, Function, released};
use roost_tests::report::{Report, quantile_of};
use roost_tests::world::{CLUSTER, World};
use serde_json::json;
use tokio::time::sleep;

use crate::apps::Crowd;

const APPS: usize = 100_000;
const AWAKE: [usize; 2] = [1_000, 10_000];
const SWEEPS: usize = 9;
/// A sweep writes down what it has seen of 500 apps at most; after so many nothing is new.
const FIRST_SWEEPS: usize = 25;
/// Within this Prometheus has read the gateway twice.
const READING: Duration = Duration::from_secs(40);

#[tokio::main]
async fn main() -> Result<()> {
    let apps = std::env::var("ROOST_APPS").map_or(Ok(APPS), |text| text.parse()).context("ROOST_APPS")?;
    let (world, mut report) = (World::new().await?, Report::default());
    let crowd = Crowd::create(&world.platform, apps).await?;
    gateway::count_requests_of(&world.platform, AWAKE[1]).await?;
    let mut before = 0;
    for awake in AWAKE.into_iter().filter(|awake| *awake <= apps) {
        crowd.wake(before..awake).await?;
        before = awake;
        sleep(READING).await;
        measure(&world, awake, apps, &mut report).await?;
    }
    report.write("sweeping")
}

async fn measure(world: &World, awake: usize, apps: usize, report: &mut Report) -> Result<()> {
    let noting = world.start_binary(&released("sweep-idle"), "sweep-idle").await?;
    for _ in 0..FIRST_SWEEPS {
        sweep(&noting).await?;
    }
    let function = world.start_binary(&released("sweep-idle"), "sweep-idle").await?;
    let mut took = Vec::new();
    for _ in 0..SWEEPS {
        took.push(sweep(&function).await?.as_secs_f64() * 1e3);
    }
    let what = format!("sweep with {awake} awake of {apps}");
    let (half, most) = (quantile_of(&took, 0.5), quantile_of(&took, 1.0));
    report.add(format!("{what}: p50 / slowest"), format!("{half:.0} / {most:.0} ms"), "under 1,500 ms at 10,000");
    report.add(format!("{what}: memory"), format!("{:.0} MB", function.peak_megabytes()?), "under 96 MB at 10,000");
    Ok(())
}

async fn sweep(function: &Function) -> Result<Duration> {
    let body = json!({"task": "sweep-idle", "cluster": CLUSTER}).to_string();
    let began = Instant::now();
    match function.handle(&[body]).await? {
        Ending::Answered(answer) if answer["batchItemFailures"] == json!([]) => Ok(began.elapsed()),
        ending => bail!("not handled: {ending:?}"),
    }
}
