//! Checked objects as they are applied for one release.

mod fields;
mod image;
mod metadata;
mod pod;

use std::collections::BTreeMap;

use serde_json::Value;

use super::check::CheckedObjects;
use super::kind::Kind;
use crate::fault::{Classified, Fault};
use crate::naming::{ComponentName, ProjectName, TenantId};

/// What a release adds to its objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendering {
    /// The tenant's namespace.
    pub namespace: String,
    /// Whose the objects are.
    pub tenant: TenantId,
    /// Which of the tenant's projects they are.
    pub project: ProjectName,
    /// The release's number.
    pub release: u32,
    /// The image of every component, by digest.
    pub images: BTreeMap<ComponentName, String>,
}

/// Why objects cannot be rendered.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum RenderingError {
    /// Applied as it stands, the component's name would be taken for an image on Docker Hub.
    #[error("there is no image of the component {0}")]
    ImageMissing(ComponentName),
    /// The objects were not stored by the check.
    #[error("there is an object of a kind that is not allowed")]
    UnknownKind,
}

impl Classified for RenderingError {
    fn fault(&self) -> Fault {
        Fault::Ours
    }
}

/// Renders objects in the order in which they are to be applied, which does not depend on the order they come in.
pub fn render(checked: &CheckedObjects, rendering: &Rendering) -> Result<Vec<Value>, RenderingError> {
    let missing = checked.components.iter().find(|component| !rendering.images.contains_key(component));
    if let Some(component) = missing {
        return Err(RenderingError::ImageMissing(component.clone()));
    }
    let objects = checked.objects.iter().map(|object| render_object(object.clone(), rendering));
    let mut objects = objects.collect::<Result<Vec<_>, _>>()?;
    objects.sort_by(|(one, first), (other, second)| (one, name(first)).cmp(&(other, name(second))));
    Ok(objects.into_iter().map(|(_, object)| object).collect())
}

fn render_object(mut object: Value, rendering: &Rendering) -> Result<(Kind, Value), RenderingError> {
    let kind = Kind::of(&object).ok_or(RenderingError::UnknownKind)?;
    let claims_by_template = object.pointer("/spec/volumeClaimTemplates/0").is_some();
    let fields = object.as_object_mut().ok_or(RenderingError::UnknownKind)?;
    metadata::render(kind, fields, rendering);
    if let Some(path) = kind.pod_template() {
        fields::change(fields, path, |template| {
            metadata::label(template, metadata::of_project(rendering));
            fields::change(template, &["spec"], |pod| {
                pod::render(pod, claims_by_template);
                image::render(pod, &rendering.images);
            });
        });
    }
    Ok((kind, object))
}

fn name(object: &Value) -> &str {
    object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default()
}
