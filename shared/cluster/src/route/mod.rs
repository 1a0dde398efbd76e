//! A project's route: which paths of its address lead to which of its services. It is the platform's: tenants have no
//! right to routes, so nobody takes a host that is not theirs.

mod object;
mod open_routes;
mod status;
mod switch;

use jiff::Timestamp;
use kube::api::DeleteParams;
use kube::core::{ApiResource, DynamicObject, GroupVersionKind};
use kube::{Api, Client, ResourceExt};
use roost_domain::naming::{ProjectName, TenantId};

pub use open_routes::{OpenRoutes, open_routes};
pub use status::RouteStatus;
pub use switch::Switching;

use crate::ClusterError;
use crate::error::found;

/// Since when a route leads to its app.
const OPENED: &str = "roost.dev/opened";
/// What stands there before it does.
const NOT_OPEN: &str = "not-yet";

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

    /// Since when it leads to its app, if it does at this moment.
    pub async fn opened(&self) -> Result<Option<Timestamp>, ClusterError> {
        let there = found(self.api().get_metadata(&self.name()).await);
        let there = there.map_err(ClusterError::during("see the route"))?;
        Ok(there.and_then(|route| opened(&route)))
    }

    fn name(&self) -> String {
        format!("roost-{}", self.project)
    }

    fn api(&self) -> Api<DynamicObject> {
        let kind = GroupVersionKind::gvk("gateway.networking.k8s.io", "v1", "HTTPRoute");
        Api::namespaced_with(self.client.clone(), &self.namespace, &ApiResource::from_gvk(&kind))
    }
}

fn opened(route: &impl ResourceExt) -> Option<Timestamp> {
    route.annotations().get(OPENED)?.parse().ok()
}
