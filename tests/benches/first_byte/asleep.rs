//! From a request to the first byte of its answer.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use reqwest::Method;
use roost_domain::app::Phase;
use roost_tests::report::{Report, quantile_of};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::sleeping_app::{Pod, SleepingApp};

use crate::by_hand::ByHand;

const ROUNDS: usize = 25;
const HOLD_LIMIT: Duration = Duration::from_secs(55);

pub(crate) async fn measure(platform: &RunningPlatform, report: &mut Report) -> Result<()> {
    let app = SleepingApp::with_pod(platform, "sleeper", &Pod::smallest()).await?;
    let by_hand = ByHand::beside(&app).await?;
    let (mut asked, mut hand) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        hand.push(by_hand.start().await?);
        by_hand.stop().await?;
        asked.push(ask(&app).await?);
        app.comes_to(Phase::Awake).await?;
        app.is_routed().await?;
        app.sleeps_again().await?;
    }
    let more = quantile_of(&asked, 0.5) - quantile_of(&hand, 0.5);
    for (what, values) in
        [("a request to a sleeping app", &asked), ("scaled by hand, polling the pod's address", &hand)]
    {
        let (half, most) = (quantile_of(values, 0.5), quantile_of(values, 0.99));
        report.add(format!("{what}: first byte, p50 / p99"), format!("{half:.0} / {most:.0} ms"), "");
    }
    report.add("what the platform takes more, of the medians", format!("{more:.0} ms"), "at most 50 ms");
    Ok(())
}

/// In milliseconds.
async fn ask(app: &SleepingApp) -> Result<f64> {
    let began = Instant::now();
    let answer = app.visitor.request(Method::GET, "/").timeout(HOLD_LIMIT).send().await?;
    let took = began.elapsed().as_secs_f64() * 1e3;
    ensure!(answer.status().is_success(), "{answer:?}");
    Ok(took)
}
