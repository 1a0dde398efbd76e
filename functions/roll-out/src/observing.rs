//! A release's workloads come up, or do not.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use roost_domain::release::observation::{RollOutFailure, Verdict};
use roost_domain::release::{ReleaseFailure, ReleaseState};
use roost_releases::{Outcome, StepFailure};

use crate::applying::restore_instead;
use crate::driving::{Stage, Step};
use crate::going_live;
use crate::moment::Moment;
use crate::rendering::{Rendered, render_release};

/// Workloads that are not up by then take their time.
const YOUNG: SignedDuration = SignedDuration::from_secs(10);

/// Looks at the workloads, and takes what follows from it.
pub(crate) async fn observe(stage: &Stage<'_>) -> Result<Step, StepFailure> {
    let ReleaseState::RollingOut { applied_at: Some(applied_at), .. } = stage.release.state else {
        return Ok(Step::Moved);
    };
    let rendered = render_release(stage, stage.release).await?;
    let elapsed = Timestamp::now().duration_since(applied_at);
    match look(stage, &rendered, elapsed).await? {
        Verdict::Ready => going_live::go_live(stage, &rendered).await,
        Verdict::Waiting(hindrance) if elapsed.unsigned_abs() < stage.platform.roll_out_limit => {
            Ok(Step::Ended(Outcome::Later { after: Some(pause(elapsed)), reason: hindrance.message }))
        }
        Verdict::Failing(failure) | Verdict::Waiting(failure) => give_up(stage, failure).await,
    }
}

/// A young release's workloads are looked at for a moment.
async fn look(stage: &Stage<'_>, rendered: &Rendered, elapsed: SignedDuration) -> Result<Verdict, StepFailure> {
    let (deployment, moment) = (stage.deployment(), Moment::begin());
    loop {
        let verdict = deployment.observe(&rendered.objects).await?;
        let is_settled = elapsed > YOUNG || !matches!(verdict, Verdict::Waiting(_));
        if is_settled || !moment.pause().await {
            return Ok(verdict);
        }
    }
}

async fn give_up(stage: &Stage<'_>, failure: RollOutFailure) -> Result<Step, StepFailure> {
    let last_lines = match &failure.logs {
        Some(place) => stage.deployment().last_lines(place).await,
        None => Vec::new(),
    };
    restore_instead(stage, ReleaseFailure::of_roll_out(failure, last_lines)).await
}

/// None while most apps come up, when each run looks for a moment; in all fewer looks than make a message fail.
fn pause(elapsed: SignedDuration) -> Duration {
    match elapsed.as_secs() {
        ..10 => Duration::ZERO,
        10..20 => Duration::from_secs(1),
        20..60 => Duration::from_secs(2),
        _ => Duration::from_secs(5),
    }
}
