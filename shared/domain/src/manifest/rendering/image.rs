//! The images containers run, and when nodes pull them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fields::{Fields, change_items, set, set_default};
use crate::image::ImageReference;
use crate::naming::ComponentName;

const PULL_POLICY: &str = "imagePullPolicy";

/// Replaces the names of components by their images.
pub(super) fn render(pod: &mut Fields, images: &BTreeMap<ComponentName, String>) {
    change_items(pod, "initContainers", |container| render_container(container, images));
    change_items(pod, "containers", |container| render_container(container, images));
}

fn render_container(container: &mut Fields, images: &BTreeMap<ComponentName, String>) {
    let written = container.get("image").and_then(Value::as_str).unwrap_or_default();
    let component = images.iter().find(|(component, _)| component.as_str() == written);
    let image = component.map_or(written, |(_, image)| image).to_owned();
    if ImageReference::parse(&image).is_ok_and(|reference| reference.is_pinned()) {
        set_default(container, PULL_POLICY, "IfNotPresent");
    } else {
        // A node may have an image that this tenant could not pull.
        set(container, PULL_POLICY, "Always");
    }
    set(container, "image", image);
}
