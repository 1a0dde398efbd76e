//! The limits of single containers and volumes: without defaults the quota would refuse every pod that names none.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{LimitRange, LimitRangeItem, LimitRangeSpec};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use roost_domain::plan::Plan;

use super::TenantSpace;

const NAME: &str = "roost-limits";
/// A container's files that are on no volume fill the node's disk.
const SCRATCH_SPACE: &str = "1Gi";
const MOST_SCRATCH_SPACE: &str = "10Gi";

impl TenantSpace {
    pub(super) fn limits(&self, plan: &Plan) -> LimitRange {
        let own = amounts([
            ("cpu", plan.container.cpu.as_str()),
            ("memory", plan.container.memory.as_str()),
            ("ephemeral-storage", SCRATCH_SPACE),
        ]);
        let most = amounts([
            ("cpu", plan.cpu.as_str()),
            ("memory", plan.memory.as_str()),
            ("ephemeral-storage", MOST_SCRATCH_SPACE),
        ]);
        let container = LimitRangeItem {
            type_: "Container".to_owned(),
            default: Some(own.clone()),
            default_request: Some(own),
            max: Some(most),
            ..LimitRangeItem::default()
        };
        let volume = LimitRangeItem {
            type_: "PersistentVolumeClaim".to_owned(),
            max: Some(amounts([("storage", plan.storage.as_str())])),
            ..LimitRangeItem::default()
        };
        LimitRange { metadata: self.metadata(NAME), spec: Some(LimitRangeSpec { limits: vec![container, volume] }) }
    }
}

fn amounts<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, Quantity> {
    pairs.into_iter().map(|(name, amount)| (name.to_owned(), Quantity(amount.to_owned()))).collect()
}
