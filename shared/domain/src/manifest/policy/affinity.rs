//! Which pods a pod wants near it: those of its own namespace only.

use super::fields::{Fields, unknown};
use super::pod::NODE_CHOICE;
use crate::artifact::Findings;
use crate::manifest::node::{Node, Rule};

const AFFINITY: Fields = Fields {
    allowed: &["podAffinity", "podAntiAffinity"],
    refused: &[("nodeAffinity", NODE_CHOICE)],
    otherwise: unknown("is not a field of an affinity"),
    even_empty: false,
};

const FOREIGN: Rule = Rule {
    code: "foreign-namespace",
    reason: "is about the pods of other namespaces",
    remedy: "Remove it; the term is then about your own pods.",
};

const TERM: Fields = Fields {
    allowed: &["labelSelector", "topologyKey", "matchLabelKeys", "mismatchLabelKeys"],
    refused: &[("namespaces", FOREIGN), ("namespaceSelector", FOREIGN)],
    otherwise: unknown("is not a field of such a term"),
    // An empty selector of namespaces selects all of them.
    even_empty: true,
};

/// Checks the affinity of a pod.
pub(super) fn check(pod: &Node, findings: &mut Findings) {
    let Some(affinity) = pod.field("affinity") else { return };
    AFFINITY.check(&affinity, findings);
    for kind in ["podAffinity", "podAntiAffinity"] {
        let Some(terms) = affinity.field(kind) else { continue };
        let preferred = terms.items("preferredDuringSchedulingIgnoredDuringExecution", findings);
        let preferred = preferred.iter().filter_map(|weighted| weighted.field("podAffinityTerm"));
        let required = terms.items("requiredDuringSchedulingIgnoredDuringExecution", findings);
        required.into_iter().chain(preferred).for_each(|term| TERM.check(&term, findings));
    }
}
