//! What ran before a failed release is put back: images, objects and all.

use roost_domain::release::{ReleaseNumber, ReleaseState};
use roost_releases::{Outcome, StepFailure};

use crate::driving::{Stage, Step};
use crate::rendering::render_release;

/// Puts a release back, or takes everything away where nothing ran before; volumes stay.
pub(crate) async fn restore(stage: &Stage<'_>, to: Option<ReleaseNumber>) -> Result<Step, StepFailure> {
    let ReleaseState::Restoring { failure, .. } = &stage.release.state else { return Ok(Step::Moved) };
    let objects = match to {
        Some(number) => {
            let (tenant, project) = (&stage.release.tenant, &stage.release.project);
            let before = stage.platform.base.table.release(tenant, project, number).await?;
            let before = before.ok_or(StepFailure::Missing("the release that ran before"))?;
            render_release(stage, &before).await?.objects
        }
        None => Vec::new(),
    };
    let deployment = stage.deployment();
    let refused = deployment.apply(&objects).await?;
    deployment.prune(&objects).await?;
    // What ran before can be refused too, if the quota was lowered since: the failure that counts is the first.
    let restored = to.filter(|_| refused.is_empty());
    let failed = stage.moved_to(ReleaseState::Failed { failure: failure.clone(), restored });
    let reason = match restored {
        Some(number) => format!("{}; {number} runs again", failure.message),
        None => failure.message.clone(),
    };
    stage.save(&failed, None, ("release.failed", reason)).await?;
    Ok(Step::Ended(Outcome::Done("failed")))
}
