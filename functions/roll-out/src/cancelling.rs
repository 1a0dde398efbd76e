//! A release that is under way is stopped at its owner's wish.

use roost_domain::release::{PlatformFailureReason, Release, ReleaseFailure, ReleaseState};
use roost_releases::{Outcome, ReleaseEvent, ReleasePlatform, StepFailure, hand_out_turns, home_of, take_back};

use crate::applying::restore_instead;
use crate::driving::{self, Stage};

/// Stops a release. What is in the cluster already is put back as after a failure.
pub(crate) async fn cancel(
    platform: &ReleasePlatform,
    event: &ReleaseEvent,
    cause: &str,
) -> Result<Outcome, StepFailure> {
    let ReleaseEvent { tenant, project, release: number } = event;
    let missing = || StepFailure::NoRelease { tenant: tenant.clone(), project: project.clone(), release: *number };
    let release: Release = platform.base.table.release(tenant, project, *number).await?.ok_or_else(missing)?;
    let project = platform.base.table.project(tenant, project).await?.ok_or_else(missing)?;
    let home = &home_of(platform, tenant).await?;
    let stage = Stage { platform, home, project: &project, release: &release, cause };
    match release.state {
        ReleaseState::Received | ReleaseState::Queued { .. } | ReleaseState::Building { .. } => {
            let cancelled = stage.moved_to(ReleaseState::Cancelled);
            stage.save(&cancelled, None, ("release.cancelled", "its owner took it back".to_owned())).await?;
            take_back(home, &release).await?;
            hand_out_turns(platform, home).await?;
            Ok(Outcome::Done("cancelled"))
        }
        ReleaseState::RollingOut { .. } => {
            restore_instead(&stage, ReleaseFailure::of_platform(PlatformFailureReason::TakenBack, None)).await?;
            driving::drive(platform, event, cause).await
        }
        _ => Ok(Outcome::Done("settled")),
    }
}
