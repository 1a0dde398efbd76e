//! A release's build in its cluster: ordered, tried once more, taken back.

use jiff::Timestamp;
use roost_aws::table::{HistoryEntry, TableError};
use roost_cluster::build::{BuildJob, BuildJobs, WantedBuild};
use roost_domain::build::BuildJobName;
use roost_domain::release::{BuildAttempt, Release, ReleaseState};

use crate::order::draw_nonce;
use crate::{ReleasePlatform, StepFailure, TenantHome};

/// What fails twice for the platform's own reasons fails a third time.
const MOST_ATTEMPTS: u32 = 2;

/// The Job of the try at building a release that is under way, if there is one.
pub async fn find_build(home: &TenantHome, release: &Release) -> Result<Option<BuildJob>, StepFailure> {
    let Some(attempt) = release.state.attempt() else { return Ok(None) };
    let name = BuildJobName::of(&release.tenant, &release.project, release.number, attempt.number);
    Ok(BuildJobs::new(home.client.clone()).find(&name).await?)
}

/// Makes the Job of a release, which waits for its turn.
pub async fn order_build(platform: &ReleasePlatform, home: &TenantHome, release: &Release) -> Result<(), StepFailure> {
    let Some(attempt) = release.state.attempt() else { return Ok(()) };
    let wanted = WantedBuild {
        tenant: release.tenant.clone(),
        project: release.project.clone(),
        release: release.number,
        attempt: attempt.number,
        builder: platform.builder,
        limit_seconds: platform.build_limit_seconds,
    };
    let jobs = BuildJobs::new(home.client.clone());
    let settings = jobs.settings().await?;
    Ok(jobs.enqueue(&wanted, &settings).await?)
}

/// Takes a release's builds back, if there are any.
pub async fn take_back(home: &TenantHome, release: &Release) -> Result<(), StepFailure> {
    Ok(BuildJobs::new(home.client.clone()).delete(release).await?)
}

/// Puts a release's build into the queue once more; false if it was tried often enough.
pub async fn retry_build(
    platform: &ReleasePlatform,
    home: &TenantHome,
    release: &Release,
    cause: &str,
) -> Result<bool, StepFailure> {
    let Some(attempt) = release.state.attempt().filter(|attempt| attempt.number < MOST_ATTEMPTS) else {
        return Ok(false);
    };
    take_back(home, release).await?;
    let attempt = BuildAttempt { number: attempt.number + 1, nonce: draw_nonce()? };
    let again = release.moved_to(ReleaseState::Queued { attempt, place: None }, Timestamp::now());
    let entry = HistoryEntry::now("release.retried", cause, format!("{} is built once more", release.title()));
    match platform.base.table.save_release(&again, None, Some(&entry)).await {
        Err(TableError::Conflict) => Ok(true),
        saved => {
            saved?;
            order_build(platform, home, &again).await?;
            Ok(true)
        }
    }
}
