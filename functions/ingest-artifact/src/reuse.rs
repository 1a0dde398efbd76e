//! Components that have not changed keep the image they have.

use roost_domain::image::Repository;
use roost_domain::release::{Release, ReleaseComponent};
use roost_registry::client::RegistryClient;
use roost_releases::{ReleasePlatform, StepFailure};

/// Gives each component the image that was built from the same things before, if the registry still has it.
pub(crate) async fn reuse_images(
    platform: &ReleasePlatform,
    registry: &RegistryClient,
    release: &Release,
    components: Vec<ReleaseComponent>,
) -> Result<Vec<ReleaseComponent>, StepFailure> {
    let mut known = Vec::with_capacity(components.len());
    for component in components {
        known.push(with_image(platform, registry, release, component).await?);
    }
    Ok(known)
}

async fn with_image(
    platform: &ReleasePlatform,
    registry: &RegistryClient,
    release: &Release,
    component: ReleaseComponent,
) -> Result<ReleaseComponent, StepFailure> {
    let (tenant, project) = (&release.tenant, &release.project);
    let table = &platform.base.table;
    let Some(image) = table.built_image(tenant, project, &component.name, &component.fingerprint).await? else {
        return Ok(component);
    };
    let repository = Repository::of(tenant, project, &component.name);
    if registry.has_manifest(&repository, &image.digest).await? {
        let (built_by, built_in_ms) = (Some(image.release), Some(image.milliseconds));
        return Ok(ReleaseComponent { image: Some(image.digest), built_by, built_in_ms, ..component });
    }
    table.forget_image(tenant, project, &component.name, &component.fingerprint).await?;
    Ok(component)
}
