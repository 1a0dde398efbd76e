//! Where objects of the kinds are that users may bring.

use kube::core::{ApiResource, GroupVersionKind};
use serde_json::Value;

/// What is taken away when a release has it no more. Claims are not: their volumes hold what the app remembers.
pub(super) const PRUNED: &[(&str, &str, &str)] = &[
    ("", "v1", "ConfigMap"),
    ("", "v1", "Secret"),
    ("", "v1", "Service"),
    ("apps", "v1", "Deployment"),
    ("apps", "v1", "StatefulSet"),
    ("batch", "v1", "CronJob"),
    ("batch", "v1", "Job"),
    ("autoscaling", "v2", "HorizontalPodAutoscaler"),
    ("policy", "v1", "PodDisruptionBudget"),
];

pub(super) fn resource((group, version, kind): (&str, &str, &str)) -> ApiResource {
    ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind))
}

/// The resource an object is one of.
pub(super) fn resource_of(object: &Value) -> ApiResource {
    let (api_version, kind) = (text(object, "/apiVersion"), text(object, "/kind"));
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    resource((group, version, kind))
}

pub(super) fn name_of(object: &Value) -> &str {
    text(object, "/metadata/name")
}

fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
