//! Apps that fall asleep and wake again, thousands of times, with requests aimed at the moments between: none may be lost,
//! and none may come to its app twice. `ROOST_CYCLES` says how often (2,000).

mod phases;
mod recording_app;
mod visitors;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use roost_tests::function::Ending;
use roost_tests::report::{Report, quantile_of};
use roost_tests::world::{CLUSTER, World};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::phases::Phases;
use crate::recording_app::RecordingApp;
use crate::visitors::{Answered, visit};

const CYCLES: usize = 2_000;
const APPS: usize = 40;
const BETWEEN_SWEEPS: Duration = Duration::from_secs(1);
const LIMIT: Duration = Duration::from_hours(2);

#[tokio::main]
async fn main() -> Result<()> {
    let cycles = std::env::var("ROOST_CYCLES").map_or(Ok(CYCLES), |text| text.parse()).context("ROOST_CYCLES")?;
    let world = World::new().await?;
    let world = world.with_setting("ROOST_QUIET_SECONDS", "3").with_setting("ROOST_MIN_AWAKE_SECONDS", "1");
    // No request here lasts longer than it takes to write it down.
    let world = world.with_setting("ROOST_SILENCE_SECONDS", "5");
    let apps = try_join_all((0..APPS).map(|_| RecordingApp::new(&world.platform))).await?;
    let phases = Arc::new(Phases::follow(world.platform.cluster.clone()));
    let began = Instant::now();
    let answered = tokio::select! {
        answered = visitors(&apps, &phases, cycles) => answered?,
        ended = keep_sweeping(&world) => return Err(ended.context("nobody sweeps any more")),
    };
    let took = began.elapsed();
    report(&apps, &answered, phases.sleeps(), took).await
}

/// Answers with what ended it.
async fn keep_sweeping(world: &World) -> anyhow::Error {
    let sweep = match world.start("sweep-idle").await {
        Ok(sweep) => sweep,
        Err(error) => return error,
    };
    let body = json!({"task": "sweep-idle", "cluster": CLUSTER}).to_string();
    loop {
        match sweep.handle(std::slice::from_ref(&body)).await {
            Ok(Ending::Answered(_)) => sleep(BETWEEN_SWEEPS).await,
            Ok(ending) => return anyhow::anyhow!("{ending:?}"),
            Err(error) => return error,
        }
    }
}

/// Visits all apps until all together have slept so often.
async fn visitors(apps: &[Arc<RecordingApp>], phases: &Arc<Phases>, cycles: usize) -> Result<Vec<Answered>> {
    let mut visitors = JoinSet::new();
    for app in apps {
        visitors.spawn(visit(Arc::clone(app), Arc::clone(phases), cycles));
    }
    let all = tokio::time::timeout(LIMIT, visitors.join_all()).await.context("too slow")?;
    Ok(all.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

async fn report(apps: &[Arc<RecordingApp>], answered: &[Answered], sleeps: usize, took: Duration) -> Result<()> {
    let mut report = Report::default();
    let recorded: Vec<String> = try_join_all(apps.iter().map(|app| app.recorded())).await?.concat();
    let times = |id: &str| recorded.iter().filter(|recorded| *recorded == id).count();
    let lost: Vec<_> = answered.iter().filter(|request| !request.is_well || times(&request.id) == 0).collect();
    let doubled = answered.iter().filter(|request| times(&request.id) > 1).count();
    for request in &lost {
        let Answered { id, took, method, problem, .. } = request;
        println!("lost: {method} {id} after {took:?}, came {} times, {problem:?}", times(id));
    }
    let waited: Vec<f64> = answered.iter().map(|request| request.took.as_secs_f64() * 1e3).collect();
    let (half, most) = (quantile_of(&waited, 0.5), quantile_of(&waited, 0.99));
    report.add("times that an app fell asleep and woke", format!("{sleeps}, in {} s", took.as_secs()), "2,000");
    report.add("requests aimed at the moments between", answered.len().to_string(), "");
    report.add("lost", lost.len().to_string(), "0");
    report.add("come to the app more than once", doubled.to_string(), "0");
    report.add("answered after, p50 / p99", format!("{half:.0} / {most:.0} ms"), "");
    report.write("cycling")?;
    ensure!(lost.is_empty() && doubled == 0, "requests were lost or doubled");
    Ok(())
}
