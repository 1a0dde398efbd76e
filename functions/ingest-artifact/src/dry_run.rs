//! The objects as the API server sees them, before anything is built: what it would refuse later it refuses now.

use roost_cluster::deployment::{Deployment, Refusal};
use roost_domain::finding::Finding;
use roost_domain::image::{ImageDigest, RegistryName, Repository};
use roost_domain::manifest::{self, Rendering};
use roost_domain::release::Release;
use roost_releases::{StepFailure, TenantHome};

use crate::acceptance::Checked;

/// Stands for an image that is not built yet.
const NO_IMAGE_YET: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// Tries the release's objects out, with the rights of its tenant.
pub(crate) async fn dry_run(
    home: &TenantHome,
    release: &Release,
    checked: &Checked,
    registry: &RegistryName,
) -> Result<Vec<Finding>, StepFailure> {
    let no_image = ImageDigest::parse(NO_IMAGE_YET).map_err(|_| StepFailure::Missing("a digest"))?;
    let images = checked.components.iter().map(|component| {
        let repository = Repository::of(&release.tenant, &release.project, &component.name);
        (component.name.clone(), registry.pinned(&repository, &no_image))
    });
    let rendering = Rendering {
        namespace: home.namespace.clone(),
        tenant: release.tenant.clone(),
        project: release.project.clone(),
        release: release.number.get(),
        images: images.collect(),
    };
    let objects = manifest::render(&checked.objects, &rendering)?;
    let deployment = Deployment::new(home.client.clone(), home.namespace.clone(), release.project.clone());
    Ok(deployment.try_out(&objects).await?.into_iter().map(finding).collect())
}

fn finding(refusal: Refusal) -> Finding {
    let Refusal { object, message, is_over_quota } = refusal;
    let (code, remedy) = if is_over_quota {
        ("quota-exceeded", "Ask for less, remove what is not needed any more, or choose a larger plan.")
    } else {
        ("object-refused", "Correct the object as the message says.")
    };
    Finding::new(code, format!("Kubernetes does not take {object}: {message}."), remedy)
}
