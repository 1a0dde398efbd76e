//! One look at all apps of a cluster: decided for each, then carried out, some at a time.

use futures::{StreamExt, stream};
use jiff::Timestamp;
use kube::Client;
use roost_cluster::app::App;
use roost_domain::app::idle::{Network, Reason, Usage, most_at_once};
use roost_domain::app::{Look, Phase, Task};
use roost_domain::fault::{Classified, Fault};
use tracing::{error, instrument, warn};

use crate::carrying_out::Sweeper;
use crate::failure::SweepFailure;
use crate::settings::Settings;
use crate::survey::Survey;

/// Steps taken at once, each some calls of the cluster's API server.
const AT_ONCE: usize = 16;
/// What is only written down can wait for the next look, if there is very much of it.
const MOST_NOTES: usize = 500;

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
    let survey = Survey::of(&client).await?;
    let sweeper = Sweeper::new(client, settings, &survey);
    let mut tasks = decided(&sweeper, &survey, settings).await;
    postpone(&mut tasks, &survey);
    let looked_at = survey.apps.len();
    let on_their_way = survey.apps.iter().filter(|app| is_to_sleep(app)).count();
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

/// What there is to do, about each app about which there is anything.
async fn decided(sweeper: &Sweeper<'_>, survey: &Survey, settings: Settings) -> Vec<(App, Task)> {
    let mut tasks = Vec::new();
    for app in &survey.apps {
        let usage = with_network(sweeper, survey, app).await;
        let measurements = survey.requests.as_ref().map(|requests| &requests.measurements);
        let (status, route_opened) = (app.standing(), survey.route_opened(app));
        let look = Look { spec: &app.spec, status: &status, route_opened, measurements, usage: &usage };
        match look.task(&settings.patience, Timestamp::now()) {
            // What is being drained is looked at again, even if there is nothing to do about it yet.
            Task::Nothing if status.phase != Phase::Draining => {}
            task => tasks.push((app.clone(), task)),
        }
    }
    tasks
}

/// What was measured of an app; where a request is open, with what its pods have moved.
async fn with_network(sweeper: &Sweeper<'_>, survey: &Survey, app: &App) -> Usage {
    let usage = survey.usage(app);
    let Some((at, bytes)) = survey.moved(app).filter(|_| usage.open > 0) else { return usage };
    let probes = sweeper.probes(app).await;
    Usage { network: probes.map(|probes| Network { bytes, at, probes }), ..usage }
}

/// Leaves out what is too much for one look.
fn postpone(tasks: &mut Vec<(App, Task)>, survey: &Survey) {
    let awake = survey.apps.iter().filter(|app| app.standing().phase == Phase::Awake).count();
    // Whoever has been idle for longest goes first, or an app could be left out for ever.
    tasks.sort_by_key(|(_, task)| match task {
        Task::Drain(proof) => Some(proof.record().last_active),
        _ => None,
    });
    let (mut drains, mut notes) = (0, 0);
    let most = most_at_once(awake);
    for (app, task) in &mut *tasks {
        if matches!(task, Task::Drain(_)) {
            drains += 1;
            if drains > most {
                *task = many_at_once(app);
            }
        }
    }
    tasks.retain(|(_, task)| {
        notes += usize::from(matches!(task, Task::Note(_)));
        notes <= MOST_NOTES || !matches!(task, Task::Note(_))
    });
}

/// Whether its owner waits for it to sleep.
fn is_to_sleep(app: &App) -> bool {
    let status = app.standing();
    status.phase == Phase::Awake && app.spec.wants_sleep(&status)
}

fn many_at_once(app: &App) -> Task {
    let status = app.standing();
    let noted = status.observed(status.idle.clone(), Some(&Reason::ManyAtOnce), Timestamp::now());
    noted.map_or(Task::Nothing, |status| Task::Note(Box::new(status)))
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
