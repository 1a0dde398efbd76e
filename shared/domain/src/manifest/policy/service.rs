//! Services: reached within the namespace and by the gateway, and leading to pods of the namespace only.

use super::fields::{Fields, only, unknown};
use super::workload;
use crate::artifact::Findings;
use crate::manifest::metadata::keys;
use crate::manifest::node::{Node, Rule};

const TYPE: Rule = Rule {
    code: "service-type",
    reason: "would open the Service to the outside, or lead it there",
    remedy: "Remove it, or write `ClusterIP`; the gateway leads to the Services named under `routing`.",
};

const ADDRESS: Rule = Rule {
    code: "service-address",
    reason: "asks for an address or a port that is not the Service's own",
    remedy: "Remove it; the gateway leads to the Services named under `routing`.",
};

const EXTERNAL_NAME: Rule = Rule {
    code: "service-external-name",
    reason: "leads to a host outside the namespace",
    remedy: "Remove it; let the app call the host by its own name.",
};

const NO_SELECTOR: Rule = Rule {
    code: "service-without-selector",
    reason: "selects no pods, so its endpoints would be set by hand",
    remedy: "Write `spec.selector` with labels of your pods.",
};

const SERVICE: Fields = Fields {
    allowed: &[
        "type",
        "selector",
        "ports",
        "clusterIP",
        "clusterIPs",
        "ipFamilies",
        "ipFamilyPolicy",
        "sessionAffinity",
        "sessionAffinityConfig",
        "publishNotReadyAddresses",
        "internalTrafficPolicy",
        "trafficDistribution",
    ],
    refused: &[
        ("externalName", EXTERNAL_NAME),
        ("externalIPs", ADDRESS),
        ("loadBalancerIP", ADDRESS),
        ("loadBalancerClass", ADDRESS),
        ("loadBalancerSourceRanges", ADDRESS),
        ("allocateLoadBalancerNodePorts", ADDRESS),
        ("healthCheckNodePort", ADDRESS),
        ("externalTrafficPolicy", ADDRESS),
    ],
    otherwise: unknown("is not a field of a Service that is allowed"),
    even_empty: false,
};

const PORT: Fields = Fields {
    allowed: &["name", "port", "targetPort", "protocol", "appProtocol"],
    refused: &[("nodePort", ADDRESS)],
    otherwise: unknown("is not a field of a port"),
    even_empty: false,
};

/// Checks a Service.
pub(super) fn check(object: &Node, findings: &mut Findings) {
    let Some(spec) = workload::spec(object, findings) else { return };
    SERVICE.check(&spec, findings);
    only(&spec, "type", &["", "ClusterIP"], &TYPE, findings);
    only(&spec, "clusterIP", &["", "None"], &ADDRESS, findings);
    for address in spec.items("clusterIPs", findings) {
        if address.value().as_str() != Some("None") {
            findings.push(address.refuse(&ADDRESS));
        }
    }
    spec.items("ports", findings).iter().for_each(|port| PORT.check(port, findings));
    match spec.field("selector").filter(Node::is_set) {
        Some(selector) => keys::check(&selector, findings),
        None => findings.push(spec.refuse(&NO_SELECTOR)),
    }
}
