//! A release's objects as they are to stand in its tenant's namespace.

use std::collections::BTreeMap;

use roost_aws::objects::ObjectKey;
use roost_cluster::deployment::Deployment;
use roost_domain::image::Repository;
use roost_domain::manifest::{CheckedObjects, Rendering, render};
use roost_domain::release::Release;
use roost_releases::StepFailure;
use serde_json::Value;

use crate::driving::Stage;

/// The largest set of objects that an archive may bring, and some more for how they are written, in bytes.
const LARGEST: u64 = 16 << 20;

/// A release's objects, ready to be applied, and what its address leads to.
pub(crate) struct Rendered {
    pub(crate) objects: Vec<Value>,
    pub(crate) checked: CheckedObjects,
}

/// The objects of a release of the stage's project, with its images by digest.
pub(crate) async fn render_release(stage: &Stage<'_>, release: &Release) -> Result<Rendered, StepFailure> {
    let key = ObjectKey::release_objects(&release.tenant, &release.project, release.number);
    let text = stage.platform.objects.read(&key, LARGEST).await?;
    let text = text.ok_or(StepFailure::Missing("the release's objects"))?;
    let checked: CheckedObjects =
        serde_json::from_slice(&text).map_err(|source| StepFailure::Stored { what: "a release's objects", source })?;
    let registry = stage.platform.registries.of(&stage.home.cluster).await?;
    let images = release.components.iter().filter_map(|component| {
        let repository = Repository::of(&release.tenant, &release.project, &component.name);
        Some((component.name.clone(), registry.name.pinned(&repository, component.image.as_ref()?)))
    });
    let rendering = Rendering {
        namespace: stage.home.namespace.clone(),
        tenant: release.tenant.clone(),
        project: release.project.clone(),
        release: release.number.get(),
        images: images.collect::<BTreeMap<_, _>>(),
    };
    Ok(Rendered { objects: render(&checked, &rendering)?, checked })
}

/// The project's place in the cluster, changed with its owner's rights.
pub(crate) fn deployment(stage: &Stage<'_>) -> Deployment {
    Deployment::new(stage.home.client.clone(), stage.home.namespace.clone(), stage.release.project.clone())
}
