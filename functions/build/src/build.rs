//! The other container: builds all components at once, and reports last of all.

use std::time::Duration;

use futures::stream::{self, StreamExt};
use jiff::Timestamp;
use roost_domain::build::{
    BUILD_REPORT_TYPE, BuildFailure, BuildFailureReason, BuildOrder, BuildReport, BuiltComponent, Happening,
};
use tokio::time::sleep;

use crate::component::{self, Outcome, Surroundings};
use crate::handover;
use crate::http::{self, HttpError};
use crate::journal::Journal;
use crate::settings::Settings;
use crate::stop::{Stop, Stopper, terminated};

/// More at once only wait for each other's disk and processors.
const AT_ONCE: usize = 4;
/// A report has a limited length; more failures would say nothing new.
const MOST_FAILURES: usize = 4;

#[derive(Default)]
struct Results {
    components: Vec<BuiltComponent>,
    failures: Vec<BuildFailure>,
}

/// Builds, and puts log and report in their places. An error means that nobody knows how it went.
pub async fn run(settings: &Settings, order: BuildOrder) -> Result<(), HttpError> {
    let client = http::client()?;
    let (journal, keeper) = Journal::start(client.clone(), &order.uploads);
    let (nonce, place) = (order.nonce.clone(), order.uploads.report.clone());
    let results = results(settings, order, journal).await;
    if let Err(error) = keeper.finish().await {
        eprintln!("the log was not put: {error}");
    }
    let report = BuildReport::new(nonce, results.components, results.failures);
    http::put(&client, &place, BUILD_REPORT_TYPE, serde_json::to_vec(&report).unwrap_or_default()).await
}

async fn results(settings: &Settings, order: BuildOrder, journal: Journal) -> Results {
    let fetched = tokio::select! {
        fetched = handover::fetched(settings) => fetched.and_then(|fetched| fetched.failure.map_or(Ok(fetched.ms), Err)),
        Ok(()) = terminated() => Err(BuildFailure::new(BuildFailureReason::Cancelled, "The build was stopped.")),
    };
    let mut results = match fetched {
        Ok(ms) => {
            journal.note(format!("The archive was fetched and checked in {ms} ms."));
            build_all(Surroundings {
                settings: settings.clone(),
                order,
                journal: journal.clone(),
                stopper: Stopper::new(),
            })
            .await
        }
        Err(failure) => Results { failures: vec![failure], ..Results::default() },
    };
    results.failures.truncate(MOST_FAILURES);
    for failure in &results.failures {
        let what = Happening::Failed { reason: failure.reason, text: failure.message.clone() };
        journal.record(failure.component.as_ref(), Timestamp::now(), what);
    }
    results
}

async fn build_all(around: Surroundings) -> Results {
    let watch = tokio::spawn(stop_in_time(around.stopper.clone(), around.order.limit_seconds));
    let around = &around;
    let builds = stream::iter(&around.order.components).map(|component| async move {
        let outcome = component::build(around, component).await;
        if matches!(outcome, Outcome::Failed(_)) {
            around.stopper.stop(Stop::OtherFailed);
        }
        (component, outcome)
    });
    let outcomes: Vec<_> = builds.buffer_unordered(AT_ONCE).collect().await;
    watch.abort();
    let why = around.stopper.reason().unwrap_or(Stop::Cancelled);
    let mut results = Results::default();
    for (component, outcome) in outcomes {
        match outcome {
            Outcome::Built(built) => results.components.push(built),
            Outcome::Failed(failure) => results.failures.push(failure.of(&component.name)),
            Outcome::Stopped(step) => results.failures.extend(component::stopped(component, why, step.as_ref())),
        }
    }
    results
}

async fn stop_in_time(stopper: Stopper, limit_seconds: u32) {
    tokio::select! {
        () = sleep(Duration::from_secs(limit_seconds.into())) => stopper.stop(Stop::TimedOut),
        Ok(()) = terminated() => stopper.stop(Stop::Cancelled),
    }
}
