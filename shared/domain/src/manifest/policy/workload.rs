//! Objects that keep pods running, Deployments and `StatefulSets`, and what all objects that make pods share.

use super::fields::{Fields, at_most, unknown};
use super::{pod, volume_claim};
use crate::artifact::Findings;
use crate::manifest::metadata::{self, keys};
use crate::manifest::node::{Node, Rule};

/// As many pods as the smallest plan has.
pub(super) const MOST_REPLICAS: i64 = 20;

const OBJECT: Fields = Fields {
    // Tools write an empty `status`; rendering leaves it out.
    allowed: &["apiVersion", "kind", "metadata", "spec", "status"],
    refused: &[],
    otherwise: unknown("is not a field of such an object"),
    even_empty: false,
};

const SPEC_MISSING: Rule = Rule {
    code: "spec-missing",
    reason: "has no `spec`",
    remedy: "Write what it should be under `spec`, beside `metadata`.",
};

const SELECTOR_MISSING: Rule = Rule {
    code: "selector-missing",
    reason: "does not say which pods are its own",
    remedy: "Write `selector.matchLabels` with labels that the pods have.",
};

const SELECTOR: Fields = Fields {
    allowed: &["matchLabels", "matchExpressions"],
    refused: &[],
    otherwise: unknown("is not a field of a selector"),
    even_empty: true,
};

const TEMPLATE_MISSING: Rule = Rule {
    code: "template-missing",
    reason: "has no template of its pods",
    remedy: "Write `template` with `metadata.labels` and `spec.containers`.",
};

pub(super) const TOO_MANY_REPLICAS: Rule =
    Rule { code: "too-many-replicas", reason: "is not a number of at most 20", remedy: "Write 20 or fewer." };

const DEPLOYMENT: Fields = Fields {
    allowed: &[
        "replicas",
        "selector",
        "template",
        "strategy",
        "minReadySeconds",
        "revisionHistoryLimit",
        "progressDeadlineSeconds",
    ],
    refused: &[(
        "paused",
        Rule {
            code: "paused",
            reason: "would keep the release from ever becoming ready",
            remedy: "Remove it; an earlier release can be brought back at any time.",
        },
    )],
    otherwise: unknown("is not a field of a Deployment"),
    even_empty: false,
};

const STATEFUL_SET: Fields = Fields {
    allowed: &[
        "serviceName",
        "replicas",
        "selector",
        "template",
        "volumeClaimTemplates",
        "podManagementPolicy",
        "updateStrategy",
        "minReadySeconds",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "ordinals",
    ],
    refused: &[],
    otherwise: unknown("is not a field of a StatefulSet"),
    even_empty: false,
};

const TEMPLATE: Fields = Fields {
    allowed: &["metadata", "spec"],
    refused: &[],
    otherwise: unknown("is not a field of a template"),
    even_empty: false,
};

pub(super) fn check_deployment(object: &Node, findings: &mut Findings) {
    let Some(spec) = spec(object, findings) else { return };
    DEPLOYMENT.check(&spec, findings);
    at_most(&spec, "replicas", MOST_REPLICAS, &TOO_MANY_REPLICAS, findings);
    check_selector(&spec, findings);
    check_pod_template(&spec, findings);
}

pub(super) fn check_stateful_set(object: &Node, findings: &mut Findings) {
    let Some(spec) = spec(object, findings) else { return };
    STATEFUL_SET.check(&spec, findings);
    at_most(&spec, "replicas", MOST_REPLICAS, &TOO_MANY_REPLICAS, findings);
    check_selector(&spec, findings);
    for claim in spec.items("volumeClaimTemplates", findings) {
        metadata::check(&claim, findings);
        volume_claim::check(&claim, findings);
    }
    check_pod_template(&spec, findings);
}

/// The `spec` of an object that is made of nothing else.
pub(super) fn spec<'a>(object: &Node<'a>, findings: &mut Findings) -> Option<Node<'a>> {
    OBJECT.check(object, findings);
    let spec = object.field("spec");
    if spec.is_none() {
        findings.push(object.refuse(&SPEC_MISSING));
    }
    spec
}

/// Checks the labels by which an object finds its pods.
pub(super) fn check_selector(spec: &Node, findings: &mut Findings) {
    let parts = ["matchLabels", "matchExpressions"];
    let selector = spec.field("selector").filter(|selector| {
        !selector.value().is_object() || parts.iter().any(|part| selector.field(part).is_some_and(|part| part.is_set()))
    });
    let Some(selector) = selector else {
        findings.push(spec.refuse(&SELECTOR_MISSING));
        return;
    };
    SELECTOR.check(&selector, findings);
    if let Some(labels) = selector.field("matchLabels") {
        keys::check(&labels, findings);
    }
    for expression in selector.items("matchExpressions", findings) {
        keys::check_expression(&expression, findings);
    }
}

/// Checks the template of an object's pods.
pub(super) fn check_pod_template(spec: &Node, findings: &mut Findings) {
    if let Some(pod) = template(spec, "template", findings) {
        pod::check(&pod, findings);
    }
}

/// The `spec` of a template of objects or pods.
pub(super) fn template<'a>(spec: &Node<'a>, name: &str, findings: &mut Findings) -> Option<Node<'a>> {
    let Some(template) = spec.field(name) else {
        findings.push(spec.refuse(&TEMPLATE_MISSING));
        return None;
    };
    TEMPLATE.check(&template, findings);
    metadata::check(&template, findings);
    let spec = template.field("spec");
    if spec.is_none() {
        findings.push(template.refuse(&SPEC_MISSING));
    }
    spec
}
