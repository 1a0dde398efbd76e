//! Autoscalers, and budgets of disruption.

use super::fields::{Fields, at_most, unknown};
use super::workload::{self, MOST_REPLICAS, TOO_MANY_REPLICAS};
use crate::artifact::Findings;
use crate::manifest::node::Node;

const AUTOSCALER: Fields = Fields {
    allowed: &["scaleTargetRef", "minReplicas", "maxReplicas", "metrics", "behavior"],
    refused: &[],
    otherwise: unknown("is not a field of a HorizontalPodAutoscaler"),
    even_empty: false,
};

const DISRUPTION_BUDGET: Fields = Fields {
    allowed: &["selector", "minAvailable", "maxUnavailable", "unhealthyPodEvictionPolicy"],
    refused: &[],
    otherwise: unknown("is not a field of a PodDisruptionBudget"),
    even_empty: false,
};

pub(super) fn check_autoscaler(object: &Node, findings: &mut Findings) {
    let Some(spec) = workload::spec(object, findings) else { return };
    AUTOSCALER.check(&spec, findings);
    at_most(&spec, "maxReplicas", MOST_REPLICAS, &TOO_MANY_REPLICAS, findings);
}

pub(super) fn check_disruption_budget(object: &Node, findings: &mut Findings) {
    let Some(spec) = workload::spec(object, findings) else { return };
    DISRUPTION_BUDGET.check(&spec, findings);
    workload::check_selector(&spec, findings);
}
