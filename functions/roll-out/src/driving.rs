//! A release is brought from step to step, as far as it can go without waiting.

use jiff::Timestamp;
use roost_aws::table::HistoryEntry;
use roost_cluster::deployment::Deployment;
use roost_domain::release::{NextStep, Project, Release, ReleaseState, next_step};
use roost_releases::{Outcome, ReleaseEvent, ReleasePlatform, StepFailure, TenantHome, give_way, home_of};
use tracing::{Span, info};

use crate::{applying, build_result, observing, restoring};

/// More steps than any release has in one run, conflicts with other runs included.
const MOST_STEPS: usize = 12;

/// What a step came to.
pub(crate) enum Step {
    /// The release is in another state, saved: the next step follows.
    Moved,
    /// Nothing more can be done in this run.
    Ended(Outcome),
}

/// A release with what it belongs to, as read a moment ago.
pub(crate) struct Stage<'a> {
    pub(crate) platform: &'a ReleasePlatform,
    pub(crate) home: &'a TenantHome,
    pub(crate) project: &'a Project,
    pub(crate) release: &'a Release,
    pub(crate) cause: &'a str,
}

impl Stage<'_> {
    /// Saves the release in its next state.
    pub(crate) async fn save(
        &self,
        release: &Release,
        project: Option<&Project>,
        (kind, reason): (&str, String),
    ) -> Result<(), StepFailure> {
        let entry = HistoryEntry::now(kind, self.cause, format!("{}: {reason}", release.title()));
        Ok(self.platform.base.table.save_release(release, project, Some(&entry)).await?)
    }

    /// The project's place in the cluster, changed with its owner's rights.
    pub(crate) fn deployment(&self) -> Deployment {
        Deployment::new(self.home.client.clone(), self.home.namespace.clone(), self.release.project.clone())
    }

    /// The release in another state.
    pub(crate) fn moved_to(&self, state: ReleaseState) -> Release {
        self.release.moved_to(state, Timestamp::now())
    }
}

/// Brings a release as far as it can go now.
pub(crate) async fn drive(
    platform: &ReleasePlatform,
    event: &ReleaseEvent,
    cause: &str,
) -> Result<Outcome, StepFailure> {
    for _ in 0..MOST_STEPS {
        match step(platform, event, cause).await {
            Ok(Step::Ended(outcome)) => return Ok(outcome),
            Ok(Step::Moved) => {}
            Err(failure) if failure.is_conflict() => info!("the release was changed meanwhile"),
            Err(failure) => return Err(failure),
        }
    }
    Ok(Outcome::Later { after: None, reason: "others write the same release".to_owned() })
}

async fn step(platform: &ReleasePlatform, event: &ReleaseEvent, cause: &str) -> Result<Step, StepFailure> {
    let ReleaseEvent { tenant, project, release: number } = event;
    let table = &platform.base.table;
    let missing = || StepFailure::NoRelease { tenant: tenant.clone(), project: project.clone(), release: *number };
    let release = table.release(tenant, project, *number).await?.ok_or_else(missing)?;
    let project = table.project(tenant, project).await?.ok_or_else(missing)?;
    Span::current().record("release", release.title());
    if release.state.is_terminal() {
        return Ok(Step::Ended(Outcome::Done("settled")));
    }
    let home = &home_of(platform, tenant).await?;
    let stage = Stage { platform, home, project: &project, release: &release, cause };
    match next_step(&release, &project) {
        NextStep::Nothing => Ok(Step::Ended(Outcome::Done("settled"))),
        NextStep::Supersede(by) => give_way(platform, home, (&release, by), cause).await.map(|()| Step::Moved),
        NextStep::AwaitChecks => Ok(Step::Ended(Outcome::Done("not checked yet"))),
        NextStep::AwaitBuild => build_result::take(&stage).await,
        NextStep::Apply => applying::apply(&stage).await,
        NextStep::Observe => observing::observe(&stage).await,
        NextStep::Restore(to) => restoring::restore(&stage, to).await,
    }
}
