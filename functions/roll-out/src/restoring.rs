//! What ran before a failed release is put back: images, objects and all.

use roost_cluster::deployment::Refusal;
use roost_domain::app::note_epoch;
use roost_domain::release::{ReleaseNumber, ReleaseState};
use roost_releases::{Outcome, StepFailure};

use crate::app;
use crate::driving::{Stage, Step};
use crate::rendering::{Rendered, render_release};

/// Puts a release back, or takes everything away where nothing ran before; volumes stay.
pub(crate) async fn restore(stage: &Stage<'_>, to: Option<ReleaseNumber>) -> Result<Step, StepFailure> {
    let ReleaseState::Restoring { failure, .. } = &stage.release.state else { return Ok(Step::Moved) };
    let rendered = match to {
        Some(number) => {
            let (tenant, project) = (&stage.release.tenant, &stage.release.project);
            let before = stage.platform.base.table.release(tenant, project, number).await?;
            let before = before.ok_or(StepFailure::Missing("the release that ran before"))?;
            Some(render_release(stage, &before).await?)
        }
        None => None,
    };
    let refused = put_back(stage, rendered).await?;
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

/// Applies what ran before, and takes away what did not; answers with what the cluster refused.
async fn put_back(stage: &Stage<'_>, before: Option<Rendered>) -> Result<Vec<Refusal>, StepFailure> {
    let deployment = stage.deployment();
    let Some(mut before) = before else {
        deployment.prune(&[]).await?;
        app::restored(stage, false).await?;
        return Ok(Vec::new());
    };
    let app = app::begin(stage, &before).await?;
    note_epoch(&mut before.objects, app.standing().epoch);
    let refused = deployment.apply(&before.objects).await?;
    app::start_what_slept(stage, &app, &before.objects).await?;
    deployment.prune(&before.objects).await?;
    app::restored(stage, true).await?;
    Ok(refused)
}
