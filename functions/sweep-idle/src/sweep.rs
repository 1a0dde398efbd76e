//! One look at all apps of a cluster: decided for each, then carried out, some at a time.

use std::pin::pin;

use futures::{StreamExt, stream};
use jiff::Timestamp;
use kube::Client;
use roost_cluster::ClusterError;
use roost_cluster::app::{App, Apps};
use roost_domain::app::{Patience, Phase, Task};
use roost_domain::fault::{Classified, Fault};
use tokio::sync::mpsc;
use tracing::{error, instrument, warn};

use crate::carrying_out::Sweeper;
use crate::closer_look::look_closer;
use crate::failure::SweepFailure;
use crate::plan::Plan;
use crate::settings::Settings;
use crate::survey::Survey;
use crate::surveyed::Surveyed;

/// Steps taken at once, each some calls of the cluster's API server.
const AT_ONCE: usize = 16;

/// In pages of 500 apps, which weigh some MB each.
const PAGES_AHEAD: usize = 8;

type Pages = mpsc::Receiver<Result<Vec<App>, ClusterError>>;

/// What came of a sweep, in numbers of apps.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Looked at.
    pub(crate) looked_at: usize,
    /// With something done about them.
    pub(crate) taken_on: usize,
    /// With something that failed.
    pub(crate) failed: usize,
    /// To be looked at again soon.
    pub(crate) on_their_way: usize,
}

/// Looks at all apps of a cluster.
pub(crate) async fn sweep(client: Client, settings: Settings) -> Result<Outcome, SweepFailure> {
    let pages = read_ahead(client.clone());
    let survey = Survey::of(&client).await?;
    let plan = decided(&client, &survey, &settings.patience, pages).await?;
    let sweeper = Sweeper::new(client, settings, &survey);
    let (looked_at, on_their_way) = (plan.looked_at, plan.to_sleep);
    let tasks = plan.tasks();
    let mut outcome = Outcome { looked_at, taken_on: tasks.len(), on_their_way, ..Outcome::default() };
    let mut done = stream::iter(tasks).map(|(app, task)| carry_out(&sweeper, app, task)).buffer_unordered(AT_ONCE);
    while let Some(ended) = done.next().await {
        match ended {
            Some(phase) => outcome.on_their_way += usize::from(phase == Phase::Draining),
            None => outcome.failed += 1,
        }
    }
    Ok(outcome)
}

/// Pages of apps, read while the rest is surveyed, and while what is read already is decided.
fn read_ahead(client: Client) -> Pages {
    let (sender, pages) = mpsc::channel(PAGES_AHEAD);
    tokio::spawn(async move {
        let mut read = pin!(Apps::new(client).in_motion());
        while let Some(page) = read.next().await {
            // Nobody waits any more once the sweep has failed.
            if sender.send(page).await.is_err() {
                return;
            }
        }
    });
    pages
}

/// What there is to do about all apps: decided page by page, so that they are never all in memory.
async fn decided(
    client: &Client,
    survey: &Survey,
    patience: &Patience,
    mut pages: Pages,
) -> Result<Plan, SweepFailure> {
    let (mut plan, mut unclear) = (Plan::default(), Vec::new());
    while let Some(page) = pages.recv().await {
        for surveyed in page?.into_iter().map(|app| Surveyed::new(app, survey)) {
            if surveyed.needs_closer_look() {
                unclear.push(surveyed);
            } else {
                let task = surveyed.task(survey, patience, Timestamp::now());
                plan.add(surveyed, task);
            }
        }
    }
    for surveyed in look_closer(client, unclear).await {
        let task = surveyed.task(survey, patience, Timestamp::now());
        plan.add(surveyed, task);
    }
    Ok(plan)
}

/// The phase of the app then, unless something failed.
#[instrument(skip_all, fields(tenant = %app.spec.tenant, project = %app.spec.project))]
async fn carry_out(sweeper: &Sweeper<'_>, app: App, task: Task) -> Option<Phase> {
    match Box::pin(sweeper.carry_out(app, task)).await {
        Ok(phase) => Some(phase),
        Err(failure) if failure.fault() == Fault::Ours => {
            error!(error = %failure, "the app stays as it is");
            None
        }
        Err(failure) => {
            warn!(error = %failure, "the app stays as it is");
            None
        }
    }
}
