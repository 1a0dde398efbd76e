//! Names of objects: valid, not the platform's, and each once.

use std::collections::HashSet;

use crate::artifact::{Findings, quoted};
use crate::manifest::kind::Kind;
use crate::manifest::object::Object;

/// What the platform puts into users' namespaces begins with this, or has one of the names.
const PLATFORM_PREFIX: &str = "roost-";
const PLATFORM_NAMES: &[&str] = &["tenant", "kube-root-ca.crt"];

/// Leaves room for what is added to the name of a Job, here and by the controller of `CronJobs`.
const LONGEST_OF_JOBS: usize = 52;
/// A label of a DNS name.
const LONGEST_LABEL: usize = 63;
/// A DNS name.
const LONGEST: usize = 253;

/// Whether an object of this name is the platform's.
pub(in crate::manifest) fn is_platforms(name: &str) -> bool {
    name.starts_with(PLATFORM_PREFIX) || PLATFORM_NAMES.contains(&name)
}

/// Checks the names of all objects.
pub(in crate::manifest) fn check(objects: &[Object], findings: &mut Findings) {
    let mut used: HashSet<(Kind, &str)> = HashSet::new();
    for object in objects {
        check_one(object, findings);
        if !object.name.is_empty() && !used.insert((object.kind, object.name)) {
            let message = format!("There are two objects of kind {} named `{}`.", object.kind.name(), object.name);
            findings.push(object.node.finding("name-twice", message, "Rename one of them, or remove it."));
        }
    }
}

fn check_one(object: &Object, findings: &mut Findings) {
    let node = object.node.descend(&["metadata", "name"]).unwrap_or_else(|| object.node.clone());
    let shown = quoted(object.name);
    if !is_valid(object.kind, object.name) {
        let message = format!("`{shown}` is not a name for an object of kind {}.", object.kind.name());
        findings.push(node.finding("name-invalid", message, remedy(object.kind)));
    } else if is_platforms(object.name) {
        let message = format!("The name `{shown}` belongs to the platform.");
        findings.push(node.finding("name-of-the-platform", message, "Use another name."));
    }
}

fn is_valid(kind: Kind, name: &str) -> bool {
    let longest = match kind {
        Kind::Job | Kind::CronJob => LONGEST_OF_JOBS,
        Kind::ConfigMap | Kind::Secret => LONGEST,
        _ => LONGEST_LABEL,
    };
    let dots = matches!(kind, Kind::ConfigMap | Kind::Secret);
    let begins_well = kind != Kind::Service || name.starts_with(|c: char| c.is_ascii_lowercase());
    name.len() <= longest && begins_well && name.split('.').all(is_label) && (dots || !name.contains('.'))
}

fn is_label(label: &str) -> bool {
    let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    !label.is_empty() && label.bytes().all(inner) && !label.starts_with('-') && !label.ends_with('-')
}

fn remedy(kind: Kind) -> &'static str {
    match kind {
        Kind::Job | Kind::CronJob => "Write `metadata.name` with at most 52 lower-case letters, digits and '-'.",
        Kind::Service => "Write `metadata.name` with at most 63 lower-case letters, digits and '-', a letter first.",
        Kind::ConfigMap | Kind::Secret => "Write `metadata.name` with lower-case letters, digits, '-' and '.'.",
        _ => "Write `metadata.name` with at most 63 lower-case letters, digits and '-'.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_valid_for_their_kind() {
        let long = "a".repeat(53);
        let cases = [
            (Kind::Service, "web", true),
            (Kind::Service, "1web", false),
            (Kind::Service, "web.internal", false),
            (Kind::ConfigMap, "app.config", true),
            (Kind::ConfigMap, "app..config", false),
            (Kind::Deployment, "1web", true),
            (Kind::Deployment, "Web", false),
            (Kind::Deployment, "", false),
            (Kind::Deployment, &long, true),
            (Kind::Job, &long, false),
            (Kind::Secret, "../x", false),
        ];
        for (kind, name, valid) in cases {
            assert_eq!(is_valid(kind, name), valid, "{kind:?} {name:?}");
        }
    }
}
