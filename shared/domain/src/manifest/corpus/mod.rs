//! What users may send and what they may not, each case through the whole check.

mod accepted;
mod pods;
mod property;
mod refused;
mod takeover;

use serde_json::Value;

use super::{CheckedObjects, Rendering, check, render};
use crate::artifact::EntryPath;
use crate::finding::Finding;
use crate::image::ImageRules;
use crate::naming::{ComponentName, ProjectName, TenantId};
use crate::routing::{PathPrefix, Routing, RoutingRule, ServiceName};

const FILE: &str = "k8s.yaml";

fn components(names: &[&str]) -> Vec<ComponentName> {
    names.iter().map(|name| ComponentName::parse(name).unwrap()).collect()
}

fn routing(rules: &[(&str, &str)]) -> Routing {
    let rules = rules.iter().zip(10..).map(|((service, path), line)| RoutingRule {
        service: ServiceName::parse(service).unwrap(),
        path: PathPrefix::parse(path).unwrap(),
        line,
    });
    Routing { rules: rules.collect() }
}

fn image_rules() -> ImageRules {
    ImageRules { registry_names: vec!["registry.roost-system.svc:5000".to_owned()] }
}

fn check_text(text: &str, names: &[&str], rules: &[(&str, &str)]) -> Result<CheckedObjects, Vec<Finding>> {
    let files = [(EntryPath::parse(FILE).unwrap(), text.to_owned())];
    check(&files, &components(names), &routing(rules), &image_rules())
}

/// The codes of what is wrong with a file, without components and routing.
fn codes(text: &str) -> Vec<String> {
    let findings = check_text(text, &[], &[]).err().unwrap_or_default();
    findings.into_iter().map(|finding| finding.code.into_owned()).collect()
}

fn rendering(names: &[&str]) -> Rendering {
    let repository = "registry.roost-system.svc:5000/alice---aaaaaaaaaa/shop";
    let digest = "5f".repeat(32);
    let images =
        components(names).into_iter().map(|name| (name.clone(), format!("{repository}/{name}@sha256:{digest}")));
    Rendering {
        namespace: "user-alice".to_owned(),
        tenant: TenantId::parse("u1").unwrap(),
        project: ProjectName::parse("shop").unwrap(),
        release: 7,
        images: images.collect(),
    }
}

fn rendered(checked: &CheckedObjects, names: &[&str]) -> Vec<Value> {
    render(checked, &rendering(names)).unwrap()
}

/// The text with every line moved right.
fn indented(text: &str, columns: usize) -> String {
    text.lines().map(|line| [&" ".repeat(columns), line, "\n"].concat()).collect()
}
