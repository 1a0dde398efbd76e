//! A project's route: which paths of its address lead to which of its services. It is the platform's: tenants have no
//! right to routes, so nobody takes a host that is not theirs.

mod object;
mod status;

use kube::api::{DeleteParams, Patch, PatchParams};
use kube::core::{ApiResource, DynamicObject, GroupVersionKind};
use kube::{Api, Client};
use roost_domain::manifest::Route;
use roost_domain::naming::{ProjectName, TenantId};

pub use status::RouteStatus;

use crate::error::found;
use crate::{ClusterError, FIELD_MANAGER};

/// A project's route in its tenant's namespace.
#[derive(Clone)]
pub struct ProjectRoute {
    client: Client,
    namespace: String,
    tenant: TenantId,
    project: ProjectName,
}

impl ProjectRoute {
    /// The route of that project; the client is the platform's.
    #[must_use]
    pub fn new(client: Client, namespace: String, (tenant, project): (TenantId, ProjectName)) -> Self {
        Self { client, namespace, tenant, project }
    }

    /// Sets host and paths to what they should be, in one step: no request meets half of a change.
    pub async fn apply(&self, host: &str, routes: &[Route]) -> Result<(), ClusterError> {
        let parameters = PatchParams::apply(FIELD_MANAGER).force();
        let patch = Patch::Apply(self.object(host, routes));
        let applied = self.api().patch(&self.name(), &parameters, &patch).await;
        applied.map(drop).map_err(ClusterError::during("set the route"))
    }

    /// Takes the route away; nobody answers at its host then.
    pub async fn delete(&self) -> Result<(), ClusterError> {
        let deleted = found(self.api().delete(&self.name(), &DeleteParams::background()).await);
        deleted.map(drop).map_err(ClusterError::during("delete the route"))
    }

    /// Whether the gateway sends requests along the route, as it was applied last.
    pub async fn status(&self) -> Result<RouteStatus, ClusterError> {
        let there = found(self.api().get(&self.name()).await).map_err(ClusterError::during("look at the route"))?;
        Ok(there.map_or_else(RouteStatus::missing, |route| RouteStatus::of(&route)))
    }

    fn name(&self) -> String {
        format!("roost-{}", self.project)
    }

    fn api(&self) -> Api<DynamicObject> {
        let kind = GroupVersionKind::gvk("gateway.networking.k8s.io", "v1", "HTTPRoute");
        Api::namespaced_with(self.client.clone(), &self.namespace, &ApiResource::from_gvk(&kind))
    }
}
