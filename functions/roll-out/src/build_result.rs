//! What came of a build: believed only where the registry says the same.

use roost_aws::objects::ObjectKey;
use roost_aws::table::BuiltImage;
use roost_domain::build::{BuildFailure, BuildFailureReason, BuildReport, BuildReportError, BuiltComponent};
use roost_domain::image::Repository;
use roost_domain::release::{Release, ReleaseComponent, ReleaseFailure, ReleaseState};
use roost_registry::client::RegistryClient;
use roost_releases::{Outcome, StepFailure, hand_out_turns, retry_build, take_back};
use tracing::warn;

use crate::driving::{Stage, Step};

/// An honest report is far smaller, in bytes.
const LONGEST_REPORT: u64 = 64 * 1024;

/// Takes the report on the build, if it is there.
pub(crate) async fn take(stage: &Stage<'_>) -> Result<Step, StepFailure> {
    let Release { tenant, project, number, state, .. } = stage.release;
    let Some(attempt) = state.attempt() else { return Ok(Step::Ended(Outcome::Done("not building"))) };
    let key = ObjectKey::result(tenant, project, *number);
    let Some(text) = stage.platform.objects.read(&key, LONGEST_REPORT).await? else {
        return Ok(Step::Ended(Outcome::Done("building")));
    };
    let report = match BuildReport::parse(&text, &attempt.nonce) {
        // An earlier try's: this one's is still to come.
        Err(BuildReportError::Foreign) => return Ok(Step::Ended(Outcome::Done("building"))),
        parsed => parsed,
    };
    // Before the next try's Job is made, which would go with it.
    take_back(stage.home, stage.release).await?;
    let step = match report {
        Ok(report) => settle(stage, report).await?,
        Err(error) => fail(stage, &BuildFailure::new(BuildFailureReason::Internal, error.to_string())).await?,
    };
    hand_out_turns(stage.platform, stage.home).await?;
    Ok(step)
}

async fn settle(stage: &Stage<'_>, report: BuildReport) -> Result<Step, StepFailure> {
    if let Some(failure) = report.failures.first() {
        remember(stage, &report.components).await?;
        return fail(stage, failure).await;
    }
    let components = with_images(stage, &report.components).await?;
    if let Some(missing) = components.iter().find(|component| component.is_to_be_built()) {
        let message = format!("the registry does not have the image of {} that was reported", missing.name);
        return fail(stage, &BuildFailure::new(BuildFailureReason::Internal, message).of(&missing.name)).await;
    }
    let built = stage.moved_to(ReleaseState::rolling_out(jiff::Timestamp::now())).with_components(components);
    stage.save(&built, None, ("release.built", "all images are built".to_owned())).await?;
    Ok(Step::Moved)
}

/// Images of components that were built although others failed are not built again.
async fn remember(stage: &Stage<'_>, built: &[BuiltComponent]) -> Result<(), StepFailure> {
    with_images(stage, built).await.map(drop)
}

/// The components with the images that were reported and that the registry has, which are remembered.
async fn with_images(stage: &Stage<'_>, built: &[BuiltComponent]) -> Result<Vec<ReleaseComponent>, StepFailure> {
    let Release { tenant, project, number, .. } = stage.release;
    let registry = stage.platform.registries.of(&stage.home.cluster).await?;
    let client = RegistryClient::new(&registry)?;
    let mut components = stage.release.components.clone();
    for component in components.iter_mut().filter(|component| component.is_to_be_built()) {
        let Some(built) = built.iter().find(|built| built.name == component.name) else { continue };
        let repository = Repository::of(tenant, project, &component.name);
        if !client.has_manifest(&repository, &built.digest).await? {
            warn!(component = %component.name, "the reported image is not in the registry");
            continue;
        }
        let image = BuiltImage { digest: built.digest.clone(), release: *number, milliseconds: built.ms };
        let known = (&component.fingerprint, &image);
        stage.platform.base.table.remember_image(tenant, project, &component.name, known).await?;
        component.image = Some(image.digest);
        component.built_by = Some(*number);
        component.built_in_ms = Some(built.ms);
    }
    Ok(components)
}

/// Ends the release, or tries once more where the platform failed.
async fn fail(stage: &Stage<'_>, failure: &BuildFailure) -> Result<Step, StepFailure> {
    if failure.reason.is_the_platforms() && retry_build(stage.platform, stage.home, stage.release, stage.cause).await? {
        return Ok(Step::Ended(Outcome::Done("built again")));
    }
    let failure = ReleaseFailure::of_build(failure);
    let reason = failure.message.clone();
    let failed = stage.moved_to(ReleaseState::Failed { failure, restored: None });
    stage.save(&failed, None, ("release.failed", reason)).await?;
    Ok(Step::Ended(Outcome::Done("failed")))
}
