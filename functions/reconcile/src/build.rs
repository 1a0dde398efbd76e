//! A build of which nothing was heard: it waits, it runs, it has ended unheard, or it is gone.

use jiff::{SignedDuration, Timestamp};
use roost_aws::objects::ObjectKey;
use roost_domain::build::{BuildFailure, BuildJobState};
use roost_domain::release::{PlatformFailureReason, Release, ReleaseFailure, ReleaseState};
use roost_releases::{ReleasePlatform, StepFailure, TenantHome, find_build, order_build, retry_build, take_back};

use crate::looking_after::{end, look_again, put_off};

/// A build that runs writes its log at least every half minute.
const SILENCE: SignedDuration = SignedDuration::from_secs(120);
/// A pod that finds no node, or no image of ours, for so long will not.
const STARTING: SignedDuration = SignedDuration::from_mins(5);

/// Looks after a release whose build is wanted.
pub(crate) async fn look_after(
    platform: &ReleasePlatform,
    home: &TenantHome,
    release: &Release,
) -> Result<&'static str, StepFailure> {
    let result = ObjectKey::result(&release.tenant, &release.project, release.number);
    let reported = platform.objects.head(&result).await?;
    let job = find_build(home, release).await?;
    // A report from before this try is an earlier one's.
    if reported.is_some_and(|report| report.written_at >= release.created_at)
        && is_over(job.as_ref().map(|job| &job.state))
    {
        look_again(platform, release).await?;
        return Ok("result found");
    }
    match job.map(|job| job.state) {
        None if matches!(release.state, ReleaseState::Queued { .. }) => {
            order_build(platform, home, release).await?;
            put_off(platform, release, release.state.clone()).await?;
            Ok("build ordered")
        }
        Some(BuildJobState::Queued) => {
            put_off(platform, release, queued(release)).await?;
            Ok("waiting")
        }
        Some(BuildJobState::Starting { since: Some(since), hindrance: Some(hindrance) })
            if is_older(since, STARTING) =>
        {
            lost(platform, home, release, Some(&hindrance)).await
        }
        Some(BuildJobState::Running) if is_silent(platform, release).await? => {
            lost(platform, home, release, None).await
        }
        Some(BuildJobState::Starting { .. } | BuildJobState::Running) => {
            put_off(platform, release, building(release)).await?;
            Ok("building")
        }
        // Its report is on its way, or never was.
        Some(BuildJobState::Ended) if !is_older(release.updated_at, SILENCE) => Ok("ending"),
        None | Some(BuildJobState::Ended) => lost(platform, home, release, None).await,
        Some(BuildJobState::Broken { reason, message }) => {
            if reason.is_the_platforms() {
                return lost(platform, home, release, Some(&message)).await;
            }
            let failure = ReleaseFailure::of_build(&BuildFailure::new(reason, message));
            fail(platform, home, release, failure).await
        }
    }
}

fn is_over(state: Option<&BuildJobState>) -> bool {
    !matches!(state, Some(BuildJobState::Queued | BuildJobState::Starting { .. } | BuildJobState::Running))
}

fn is_older(since: Timestamp, age: SignedDuration) -> bool {
    Timestamp::now().duration_since(since) > age
}

/// Whether a build that is said to run gives no sign of life.
async fn is_silent(platform: &ReleasePlatform, release: &Release) -> Result<bool, StepFailure> {
    let ReleaseState::Building { since, .. } = release.state else { return Ok(false) };
    let log = ObjectKey::live_log(&release.tenant, &release.project, release.number);
    let written = platform.objects.head(&log).await?.map(|log| log.written_at);
    Ok(is_older(written.map_or(since, |written| written.max(since)), SILENCE))
}

fn queued(release: &Release) -> ReleaseState {
    match release.state.attempt() {
        Some(attempt) if matches!(release.state, ReleaseState::Building { .. }) => {
            ReleaseState::Queued { attempt: attempt.clone(), place: None }
        }
        _ => release.state.clone(),
    }
}

fn building(release: &Release) -> ReleaseState {
    match release.state.attempt() {
        Some(attempt) if matches!(release.state, ReleaseState::Queued { .. }) => {
            ReleaseState::Building { attempt: attempt.clone(), since: Timestamp::now() }
        }
        _ => release.state.clone(),
    }
}

/// Tries once more, or gives up.
async fn lost(
    platform: &ReleasePlatform,
    home: &TenantHome,
    release: &Release,
    why: Option<&str>,
) -> Result<&'static str, StepFailure> {
    if retry_build(platform, home, release, why.unwrap_or("the build ended without a result")).await? {
        return Ok("built once more");
    }
    let failure = ReleaseFailure::of_platform(PlatformFailureReason::BuildLost, None);
    let message = why.map_or_else(|| failure.message.clone(), |why| format!("{}: {why}", failure.message));
    fail(platform, home, release, ReleaseFailure { message, ..failure }).await
}

async fn fail(
    platform: &ReleasePlatform,
    home: &TenantHome,
    release: &Release,
    failure: ReleaseFailure,
) -> Result<&'static str, StepFailure> {
    let reason = failure.message.clone();
    end(platform, release, ReleaseState::Failed { failure, restored: None }, &reason).await?;
    take_back(home, release).await?;
    Ok("failed")
}
