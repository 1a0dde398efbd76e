//! A release's objects as they are to stand in its tenant's namespace.

use std::collections::BTreeMap;

use roost_domain::image::Repository;
use roost_domain::manifest::{CheckedObjects, Rendering, render};
use roost_domain::release::Release;
use roost_releases::StepFailure;
use serde_json::Value;

use crate::driving::Stage;
use crate::stored_objects::stored_objects;

/// A release's objects, ready to be applied, and what its address leads to.
pub(crate) struct Rendered {
    pub(crate) objects: Vec<Value>,
    pub(crate) checked: CheckedObjects,
}

/// The objects of a release of the stage's project, with its images by digest.
pub(crate) async fn render_release(stage: &Stage<'_>, release: &Release) -> Result<Rendered, StepFailure> {
    let text = stored_objects(stage.platform, release).await?;
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
