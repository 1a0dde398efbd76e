//! Names by which objects refer to one another.

use super::kind::Kind;
use super::node::Rule;
use super::object::Object;
use crate::artifact::Findings;

const UNKNOWN_TARGET: Rule = Rule {
    code: "scale-target",
    reason: "is no Deployment or StatefulSet among the project's objects",
    remedy: "Write `apiVersion: apps/v1`, the `kind`, and the `name` of one of them.",
};

/// Checks that each autoscaler is for one of the project's own workloads.
pub(super) fn check(objects: &[Object], findings: &mut Findings) {
    for autoscaler in objects.iter().filter(|object| object.kind == Kind::HorizontalPodAutoscaler) {
        let spec = autoscaler.node.field("spec");
        let Some(spec) = spec else { continue };
        let target = spec.field("scaleTargetRef").unwrap_or(spec);
        let kind = Kind::of(target.value()).filter(|kind| kind.serves());
        let name = target.text("name");
        if !objects.iter().any(|object| Some(object.kind) == kind && Some(object.name) == name) {
            findings.push(target.refuse(&UNKNOWN_TARGET));
        }
    }
}
