//! The quota: what all of a tenant's objects may use together.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ResourceQuota, ResourceQuotaSpec};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use kube::Api;
use roost_domain::plan::Plan;

use super::TenantSpace;
use crate::ClusterError;

pub(super) const NAME: &str = "roost-quota";

/// Objects that cost the API server room, not the tenant money: enough for any app, too few to do harm.
const OBJECT_COUNTS: &[(&str, &str)] = &[
    ("configmaps", "100"),
    ("secrets", "100"),
    ("services.loadbalancers", "0"),
    ("services.nodeports", "0"),
    ("count/deployments.apps", "30"),
    ("count/statefulsets.apps", "30"),
    ("count/replicasets.apps", "150"),
    ("count/jobs.batch", "50"),
    ("count/cronjobs.batch", "20"),
];

impl TenantSpace {
    pub(super) fn quota(&self, plan: &Plan) -> ResourceQuota {
        let amounts = [
            ("requests.cpu", plan.cpu.as_str().to_owned()),
            ("limits.cpu", plan.cpu.as_str().to_owned()),
            ("requests.memory", plan.memory.as_str().to_owned()),
            ("limits.memory", plan.memory.as_str().to_owned()),
            ("requests.storage", plan.storage.as_str().to_owned()),
            ("persistentvolumeclaims", plan.volumes.to_string()),
            ("pods", plan.pods.to_string()),
            ("services", plan.services.to_string()),
        ];
        let counts = OBJECT_COUNTS.iter().map(|(name, count)| (*name, (*count).to_owned()));
        let hard = amounts.into_iter().chain(counts).map(|(name, amount)| (name.to_owned(), Quantity(amount)));
        let spec = ResourceQuotaSpec { hard: Some(hard.collect()), ..ResourceQuotaSpec::default() };
        ResourceQuota { metadata: self.metadata(NAME), spec: Some(spec), ..ResourceQuota::default() }
    }

    /// Whether the quota is enforced: until the controller has filled its status it limits nothing
    /// (<https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apiserver/pkg/quota/v1/generic/evaluator.go>).
    pub async fn quota_is_enforced(&self) -> Result<bool, ClusterError> {
        let quotas: Api<ResourceQuota> = Api::namespaced(self.client.clone(), &self.namespace);
        let quota = quotas.get(NAME).await.map_err(ClusterError::during("read the quota"))?;
        let wanted = quota.spec.and_then(|spec| spec.hard).unwrap_or_default();
        let status = quota.status.unwrap_or_default();
        Ok(is_enforced(&wanted, &status.hard.unwrap_or_default(), &status.used.unwrap_or_default()))
    }
}

type Amounts = BTreeMap<String, Quantity>;

fn is_enforced(wanted: &Amounts, enforced: &Amounts, used: &Amounts) -> bool {
    !wanted.is_empty() && wanted == enforced && wanted.keys().all(|name| used.contains_key(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(pairs: &[(&str, &str)]) -> Amounts {
        pairs.iter().map(|(name, amount)| ((*name).to_owned(), Quantity((*amount).to_owned()))).collect()
    }

    #[test]
    fn a_quota_is_enforced_once_every_amount_is_counted() {
        let wanted = amounts(&[("pods", "20"), ("requests.cpu", "1")]);
        let used = amounts(&[("pods", "0"), ("requests.cpu", "0")]);
        assert!(is_enforced(&wanted, &wanted, &used));
        assert!(!is_enforced(&wanted, &amounts(&[]), &used));
        assert!(!is_enforced(&wanted, &amounts(&[("pods", "10"), ("requests.cpu", "1")]), &used));
        assert!(!is_enforced(&wanted, &wanted, &amounts(&[("pods", "0")])));
        assert!(!is_enforced(&amounts(&[]), &amounts(&[]), &used));
    }
}
