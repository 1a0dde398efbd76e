//! Visitors who come when an app is about to fall asleep, or has just done so.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use reqwest::Method;
use roost_domain::app::Phase;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use ulid::Ulid;

use crate::phases::Phases;
use crate::recording_app::RecordingApp;

/// Until an app that is drained sleeps takes some ten seconds.
const AFTER_DRAIN: f64 = 8.0;
const AFTER_SLEEP: f64 = 0.4;
const BETWEEN: f64 = 0.3;
const MOST: usize = 4;
const LOOKING: Duration = Duration::from_secs(30);

/// A request, and what came of it.
pub(crate) struct Answered {
    pub(crate) id: String,
    pub(crate) is_well: bool,
    pub(crate) took: Duration,
    pub(crate) method: Method,
    pub(crate) problem: Option<String>,
}

/// Visits an app until all together have slept often enough.
pub(crate) async fn visit(app: Arc<RecordingApp>, phases: Arc<Phases>, cycles: usize) -> Result<Vec<Answered>> {
    let mut answered = group(&app).await;
    while phases.sleeps() < cycles {
        let (awaited, mean) = if fastrand::bool() {
            (&[Phase::Draining, Phase::Asleep][..], AFTER_DRAIN)
        } else {
            (&[Phase::Asleep][..], AFTER_SLEEP)
        };
        // The other apps may sleep often enough meanwhile.
        if let Ok(seen) = timeout(LOOKING, phases.wait_for(&app.app.namespace, awaited)).await {
            seen?;
            sleep(arrival(mean)).await;
            answered.extend(group(&app).await);
        }
    }
    Ok(answered)
}

/// Some requests that follow each other, whether or not those before are answered.
async fn group(app: &Arc<RecordingApp>) -> Vec<Answered> {
    let mut asked = JoinSet::new();
    for _ in 0..fastrand::usize(1..=MOST) {
        asked.spawn(ask(Arc::clone(app)));
        sleep(arrival(BETWEEN)).await;
    }
    asked.join_all().await
}

async fn ask(app: Arc<RecordingApp>) -> Answered {
    let (id, began) = (Ulid::new().to_string(), Instant::now());
    let method = if fastrand::bool() { Method::POST } else { Method::GET };
    let answer = app.record(&id, method.clone()).await;
    let problem = answer.as_ref().err().map(|error| format!("{error:#}"));
    Answered { id, is_well: answer.unwrap_or(false), took: began.elapsed(), method, problem }
}

/// The time until the next of arrivals that know nothing of each other, of which so many seconds are the mean.
fn arrival(mean: f64) -> Duration {
    Duration::from_secs_f64(-mean * (1.0 - fastrand::f64()).ln())
}
