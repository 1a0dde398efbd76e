//! What a tenant uses of its quota.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ResourceQuota;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use kube::Api;

use super::TenantSpace;
use super::quota::NAME;
use crate::ClusterError;
use crate::error::found;

/// How much of something is used, and may be: quantities as Kubernetes writes them, such as `250m` or `1Gi`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// What all objects of the tenant ask for.
    pub used: String,
    /// What they may ask for together.
    pub limit: String,
}

impl TenantSpace {
    /// What is used and allowed, by the quota's own names; nothing before there is a quota.
    pub async fn usage(&self) -> Result<BTreeMap<String, Amount>, ClusterError> {
        let quotas: Api<ResourceQuota> = Api::namespaced(self.client.clone(), &self.namespace);
        let quota = found(quotas.get(NAME).await).map_err(ClusterError::during("read the quota"))?;
        let status = quota.and_then(|quota| quota.status).unwrap_or_default();
        let used = status.used.unwrap_or_default();
        let amount = |(name, Quantity(limit)): (String, Quantity)| {
            let used = used.get(&name).map_or_else(|| "0".to_owned(), |used| used.0.clone());
            (name, Amount { used, limit })
        };
        Ok(status.hard.unwrap_or_default().into_iter().map(amount).collect())
    }
}
