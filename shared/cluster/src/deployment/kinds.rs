//! Where objects of the kinds are that users may bring.

use kube::core::{ApiResource, GroupVersionKind};
use serde_json::Value;

/// The resource of a kind.
pub(super) fn resource(api_version: &str, kind: &str) -> ApiResource {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind))
}

/// The resource an object is one of.
pub(super) fn resource_of(object: &Value) -> ApiResource {
    resource(text(object, "/apiVersion"), text(object, "/kind"))
}

pub(super) fn name_of(object: &Value) -> &str {
    text(object, "/metadata/name")
}

fn text<'a>(object: &'a Value, pointer: &str) -> &'a str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
