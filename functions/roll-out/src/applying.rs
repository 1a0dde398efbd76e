//! A release's objects go to the cluster.

use jiff::Timestamp;
use roost_cluster::registry_secret;
use roost_domain::app::note_epoch;
use roost_domain::image::Repository;
use roost_domain::release::{PlatformFailureReason, ReleaseFailure, ReleaseState};
use roost_registry::client::RegistryClient;
use roost_registry::docker_config;
use roost_releases::StepFailure;
use secrecy::ExposeSecret;

use crate::driving::{Stage, Step};
use crate::rendering::render_release;
use crate::{agent_key, app};

/// Applies the objects. That they will be applied is written down first: from then on an older release keeps away.
pub(crate) async fn apply(stage: &Stage<'_>) -> Result<Step, StepFailure> {
    if let Some(failure) = missing_image(stage).await? {
        return restore_instead(stage, failure).await;
    }
    if stage.project.applied < Some(stage.release.number) {
        let applying = stage.project.applying(stage.release.number, Timestamp::now());
        stage.platform.base.table.save_project(&applying).await?;
        return Ok(Step::Moved);
    }
    let mut rendered = render_release(stage, stage.release).await?;
    allow_pulling(stage).await?;
    agent_key::draw(stage, &rendered.objects).await?;
    let app = app::begin(stage, &rendered).await?;
    note_epoch(&mut rendered.objects, app.standing().epoch);
    if let Some(refusal) = stage.deployment().apply(&rendered.objects).await?.into_iter().next() {
        return restore_instead(stage, ReleaseFailure::of_roll_out(refusal.into(), Vec::new())).await;
    }
    app::start_what_slept(stage, &app, &rendered.objects).await?;
    let ReleaseState::RollingOut { since, .. } = stage.release.state else { return Ok(Step::Moved) };
    let applied = stage.moved_to(ReleaseState::RollingOut { since, applied_at: Some(Timestamp::now()) });
    stage.save(&applied, None, ("release.applied", "its objects are in the cluster".to_owned())).await?;
    Ok(Step::Moved)
}

/// Images of earlier releases may be gone by the time somebody goes back to them.
async fn missing_image(stage: &Stage<'_>) -> Result<Option<ReleaseFailure>, StepFailure> {
    let release = stage.release;
    let registry = RegistryClient::new(&*stage.platform.registries.of(&stage.home.cluster).await?)?;
    for component in &release.components {
        let repository = Repository::of(&release.tenant, &release.project, &component.name);
        let there = match &component.image {
            Some(image) => registry.has_manifest(&repository, image).await?,
            None => false,
        };
        if !there {
            return Ok(Some(ReleaseFailure::of_platform(PlatformFailureReason::ImageGone, Some(&component.name))));
        }
    }
    Ok(None)
}

/// What cannot be applied leaves some of its objects behind: what ran before is put back over them.
pub(crate) async fn restore_instead(stage: &Stage<'_>, failure: ReleaseFailure) -> Result<Step, StepFailure> {
    let reason = failure.message.clone();
    let restoring = stage.moved_to(ReleaseState::Restoring { failure, to: stage.project.live });
    stage.save(&restoring, None, ("release.restoring", reason)).await?;
    Ok(Step::Moved)
}

/// The nodes pull the tenant's images with the tenant's own credential.
async fn allow_pulling(stage: &Stage<'_>) -> Result<(), StepFailure> {
    let registry = stage.platform.registries.of(&stage.home.cluster).await?;
    let credential = registry.pull_key.credential(&stage.release.tenant)?;
    let config = docker_config::for_pulling(&registry.name, &credential);
    let (client, namespace) = (stage.home.client.clone(), &stage.home.namespace);
    Ok(registry_secret::apply(client, namespace, &stage.release.tenant, config.expose_secret()).await?)
}
