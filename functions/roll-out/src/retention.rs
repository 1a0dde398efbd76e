//! Images that no release needs any more leave the registry.

use roost_domain::image::Repository;
use roost_domain::image::retention::{UsedImage, obsolete};
use roost_domain::naming::ComponentName;
use roost_domain::release::{Release, ReleaseState};
use roost_registry::client::RegistryClient;
use roost_releases::StepFailure;
use tracing::info;

use crate::driving::Stage;

/// Far more releases back nothing is kept anyway.
const LOOKED_AT: i32 = 60;

/// Deletes the images of the stage's project that neither what runs nor the last ten releases need.
pub(crate) async fn retain(stage: &Stage<'_>) -> Result<(), StepFailure> {
    let (tenant, project) = (&stage.release.tenant, &stage.release.project);
    let releases = stage.platform.base.table.releases(tenant, project, LOOKED_AT).await?;
    let registry = stage.platform.registries.of(&stage.home.cluster).await?;
    let client = RegistryClient::new(&registry)?;
    for component in &stage.release.components {
        let repository = Repository::of(tenant, project, &component.name);
        let used = used_images(&releases, stage.release, &component.name);
        for image in obsolete(&client.tagged_images(&repository).await?, &used) {
            client.delete(&repository, &image).await?;
            info!(%repository, %image, "old image deleted");
        }
    }
    Ok(())
}

fn used_images(releases: &[Release], live: &Release, component: &ComponentName) -> Vec<UsedImage> {
    let of_release = |release: &Release| {
        let is_live = release.number == live.number;
        let is_kept = is_live || release.state == ReleaseState::Live;
        let image = release.components.iter().find(|own| own.name == *component)?.image.clone()?;
        is_kept.then_some(UsedImage { release: release.number, is_live, image })
    };
    releases.iter().filter_map(of_release).collect()
}
