//! All of a tenant's objects, set to what they should be.

use futures::{TryFutureExt, try_join};
use k8s_openapi::NamespaceResourceScope;
use kube::api::{Patch, PatchParams};
use kube::{Api, Resource, ResourceExt};
use roost_domain::plan::Plan;
use serde::{Serialize, de::DeserializeOwned};

use super::TenantSpace;
use crate::error::has_code;
use crate::{ClusterError, FIELD_MANAGER};

impl TenantSpace {
    /// Sets quota, limits, fence, accounts and rights, six calls at once: created where they are missing, and
    /// whatever an earlier version or plan set is gone.
    pub async fn apply_objects(&self, plan: &Plan) -> Result<(), ClusterError> {
        try_join!(
            self.apply("set the quota", self.quota(plan)),
            self.apply("set the limits", self.limits(plan)),
            self.apply("set the network policy", self.fence()?),
            self.apply("set the owner's account", self.owner_account()),
            self.apply("set the workloads' account", self.workload_account()),
            self.apply("set the owner's rights", self.owner_binding()),
        )
        .map(|_| ())
    }

    pub(super) async fn apply<K>(&self, action: &'static str, object: K) -> Result<K, ClusterError>
    where
        K: Resource<Scope = NamespaceResourceScope> + Clone + std::fmt::Debug + Serialize + DeserializeOwned,
        K::DynamicType: Default,
    {
        let api: Api<K> = Api::namespaced(self.client.clone(), &self.namespace);
        let name = object.name_any();
        let parameters = PatchParams::apply(FIELD_MANAGER).force();
        let patch = Patch::Apply(object);
        // Kubernetes makes some of these objects itself at the same moment; the second call then finds them there.
        let applied = api.patch(&name, &parameters, &patch).or_else(|error| async {
            if has_code(&error, 409) { api.patch(&name, &parameters, &patch).await } else { Err(error) }
        });
        applied.await.map_err(ClusterError::during(action))
    }
}
