//! The images of all containers: components of the project, or images that anybody can pull.

use std::collections::BTreeSet;

use super::node::{Node, Rule};
use super::object::Object;
use super::policy::containers;
use crate::artifact::{Findings, quoted};
use crate::finding::Finding;
use crate::image::ImageRules;
use crate::naming::ComponentName;

const MISSING: Rule = Rule {
    code: "image-missing",
    reason: "has no `image`",
    remedy: "Write `image` with the name of a component, or of a public image.",
};

const CONFIGURATION_FILE: &str = "platform-config.yaml";

/// Checks the images of all containers, and that every component is one of them: it would be built for nothing.
pub(super) fn check(objects: &[Object], components: &[ComponentName], rules: &ImageRules, findings: &mut Findings) {
    let pods = objects.iter().filter_map(|object| object.pod_template()?.field("spec"));
    // What is no list is a finding of the policy's.
    let containers: Vec<_> = pods.flat_map(|pod| containers(&pod, &mut Findings::default())).collect();
    let mut used = BTreeSet::new();
    for container in &containers {
        let Some(image) = container.text("image").filter(|image| !image.is_empty()) else {
            findings.push(container.refuse(&MISSING));
            continue;
        };
        match components.iter().find(|component| component.as_str() == image) {
            Some(component) => _ = used.insert(component),
            None => check_public(container, image, components, rules, findings),
        }
    }
    let unused = components.iter().filter(|component| !used.contains(component));
    unused.for_each(|component| findings.push(unused_component(component)));
}

fn check_public(
    container: &Node,
    image: &str,
    components: &[ComponentName],
    rules: &ImageRules,
    findings: &mut Findings,
) {
    let node = container.field("image").unwrap_or_else(|| container.clone());
    let name = image.split([':', '@']).next().unwrap_or_default();
    if components.iter().any(|component| component.as_str() == name) {
        let message = format!("`{}` is a component with a tag or digest.", quoted(image));
        let remedy = "Write the component's name alone; each release runs what was built for it.";
        findings.push(node.finding("image-component-tag", message, remedy));
    } else if let Err(fault) = rules.check(image) {
        findings.push(node.place(fault.into()));
    }
}

fn unused_component(component: &ComponentName) -> Finding {
    let message = format!("No container runs the component `{component}`.");
    let remedy = "Write its name as `image` of a container, or remove it from `repositories`.";
    Finding::new("component-unused", message, remedy).in_file(CONFIGURATION_FILE)
}
