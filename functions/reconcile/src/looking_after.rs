//! What a release needs that nobody looked after in time.

use jiff::Timestamp;
use roost_aws::table::{HistoryEntry, TableError};
use roost_domain::release::{NextStep, PlatformFailureReason, Release, ReleaseFailure, ReleaseState, next_step};
use roost_releases::{RELEASE_LOOK, ReleaseEvent, ReleasePlatform, StepFailure, TenantHome, give_way, home_of};

use crate::build;

const CAUSE: &str = "reconcile";

/// Does what the release needs, or asks who can; answers with its tenant's place and a word for the log.
pub(crate) async fn look_after(
    platform: &ReleasePlatform,
    release: &Release,
) -> Result<(Option<TenantHome>, &'static str), StepFailure> {
    let home = match home_of(platform, &release.tenant).await {
        Ok(home) => home,
        // With the tenant everything of the release goes.
        Err(StepFailure::NoTenant(_)) => {
            end(platform, release, ReleaseState::Cancelled, "its owner has left").await?;
            return Ok((None, "cancelled"));
        }
        Err(failure) => return Err(failure),
    };
    let project = platform.base.table.project(&release.tenant, &release.project).await?;
    let project = project.ok_or(StepFailure::Missing("the release's project"))?;
    let outcome = match next_step(release, &project) {
        NextStep::Nothing => "settled",
        NextStep::Supersede(by) => {
            give_way(platform, &home, (release, by), CAUSE).await?;
            "superseded"
        }
        NextStep::AwaitChecks => {
            let failure = ReleaseFailure::of_platform(PlatformFailureReason::CheckLost, None);
            end(platform, release, ReleaseState::Failed { failure, restored: None }, "its check got lost").await?;
            "check lost"
        }
        NextStep::AwaitBuild => build::look_after(platform, &home, release).await?,
        NextStep::Apply | NextStep::Observe | NextStep::Restore(_) => {
            look_again(platform, release).await?;
            "looked at again"
        }
    };
    Ok((Some(home), outcome))
}

/// Ends a release, unless somebody has brought it further meanwhile.
pub(crate) async fn end(
    platform: &ReleasePlatform,
    release: &Release,
    state: ReleaseState,
    reason: &str,
) -> Result<(), StepFailure> {
    let ended = release.moved_to(state, Timestamp::now());
    let kind = format!("release.{}", ended.state.name());
    let entry = HistoryEntry::now(kind, CAUSE, format!("{}: {reason}", release.title()));
    save(platform, &ended, Some(&entry)).await
}

/// Has roll-out look at a release: the message that would have done so got lost.
pub(crate) async fn look_again(platform: &ReleasePlatform, release: &Release) -> Result<(), StepFailure> {
    platform.bus.send(RELEASE_LOOK, &ReleaseEvent::from(release)).await?;
    put_off(platform, release, release.state.clone()).await
}

/// Writes down that somebody looked: the release is due again after its state's patience.
pub(crate) async fn put_off(
    platform: &ReleasePlatform,
    release: &Release,
    state: ReleaseState,
) -> Result<(), StepFailure> {
    save(platform, &release.moved_to(state, Timestamp::now()), None).await
}

async fn save(platform: &ReleasePlatform, release: &Release, entry: Option<&HistoryEntry>) -> Result<(), StepFailure> {
    match platform.base.table.save_release(release, None, entry).await {
        Err(TableError::Conflict) => Ok(()),
        saved => Ok(saved?),
    }
}
