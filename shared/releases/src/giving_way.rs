//! The end of a release that a newer one takes the place of.

use jiff::Timestamp;
use roost_aws::table::{HistoryEntry, TableError};
use roost_domain::release::{NextStep, Release, ReleaseNumber, ReleaseState, next_step};
use tracing::info;

use crate::{ReleasePlatform, StepFailure, TenantHome, take_back};

/// How many of a project's releases may be under way; those before them have long ended.
const UNDER_WAY: i32 = 20;

/// Ends a release because of a newer one, and its build if there is one; whoever wrote it meanwhile has seen the newer
/// one too.
pub async fn give_way(
    platform: &ReleasePlatform,
    home: &TenantHome,
    (release, by): (&Release, ReleaseNumber),
    cause: &str,
) -> Result<(), StepFailure> {
    let ended = release.moved_to(ReleaseState::Superseded { by }, Timestamp::now());
    let entry = HistoryEntry::now("release.superseded", cause, format!("{} gave way to {by}", release.title()));
    match platform.base.table.save_release(&ended, None, Some(&entry)).await {
        Err(TableError::Conflict) => info!(release = release.title(), "the release was changed meanwhile"),
        saved => saved?,
    }
    match release.state.attempt() {
        Some(_) => take_back(home, release).await,
        None => Ok(()),
    }
}

/// Ends all earlier releases of the project that are not needed any more.
pub async fn give_way_to(platform: &ReleasePlatform, home: &TenantHome, newer: &Release) -> Result<(), StepFailure> {
    let table = &platform.base.table;
    let Some(project) = table.project(&newer.tenant, &newer.project).await? else { return Ok(()) };
    for release in table.releases(&newer.tenant, &newer.project, UNDER_WAY).await? {
        let NextStep::Supersede(by) = next_step(&release, &project) else { continue };
        give_way(platform, home, (&release, by), &newer.title()).await?;
    }
    Ok(())
}
