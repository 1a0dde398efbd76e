//! Names, namespaces and labels of a release's objects, and selectors that keep the projects of a tenant apart.

use serde_json::Value;

use super::Rendering;
use super::fields::{Fields, change, set};
use crate::label::{MANAGED_BY, PROJECT, RELEASE, TENANT};
use crate::manifest::kind::Kind;

/// The labels of everything a project runs. The release's number is not among them: it would start all pods anew at
/// every release.
pub(super) fn of_project(rendering: &Rendering) -> [(&'static str, String); 3] {
    [(MANAGED_BY, "roost".to_owned()), (TENANT, rendering.tenant.to_string()), (PROJECT, rendering.project.to_string())]
}

/// Renders what an object is called, where it is, and what it selects.
pub(super) fn render(kind: Kind, object: &mut Fields, rendering: &Rendering) {
    // Kubernetes writes it, and takes it from nobody else.
    object.remove("status");
    label(object, of_project(rendering));
    label(object, [(RELEASE, format!("r{}", rendering.release))]);
    change(object, &["metadata"], |metadata| {
        set(metadata, "namespace", rendering.namespace.as_str());
        if kind == Kind::Job {
            // The template of a Job never changes, so every release has Jobs of its own.
            let name = metadata.get("name").and_then(Value::as_str).unwrap_or_default();
            set(metadata, "name", format!("{name}-r{}", rendering.release));
        }
    });
    select(kind, object, rendering);
}

/// Adds labels to an object or a template.
pub(super) fn label<const COUNT: usize>(owner: &mut Fields, labels: [(&'static str, String); COUNT]) {
    change(owner, &["metadata", "labels"], |existing| {
        existing.extend(labels.map(|(key, value)| (key.to_owned(), value.into())));
    });
}

/// A tenant's projects share a namespace: what selects pods selects those of its own project.
fn select(kind: Kind, object: &mut Fields, rendering: &Rendering) {
    let selector: &[&str] = match kind {
        Kind::Service => &["spec", "selector"],
        Kind::Deployment | Kind::StatefulSet | Kind::PodDisruptionBudget => &["spec", "selector", "matchLabels"],
        _ => return,
    };
    change(object, selector, |labels| set(labels, PROJECT, rendering.project.as_str()));
}
