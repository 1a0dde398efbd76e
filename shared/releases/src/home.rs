//! Where a tenant's apps run.

use kube::Client;
use roost_domain::naming::{ClusterName, TenantId};
use roost_domain::plan::ContainerDefault;
use roost_domain::tenant::TenantState;

use crate::{ReleasePlatform, StepFailure};

/// A tenant's place, and a way to it.
#[derive(Clone)]
pub struct TenantHome {
    /// The cluster.
    pub cluster: ClusterName,
    /// The tenant's namespace there.
    pub namespace: String,
    /// The cluster's API server, as the platform.
    pub client: Client,
    /// The plan's name as the website sent it.
    pub plan: String,
    /// Whether the plan allows apps that never sleep.
    pub may_stay_awake: bool,
    /// What the plan gives a container that asks for nothing; nothing is known of a plan that is no longer on offer.
    pub container: ContainerDefault,
}

/// The place of a tenant that is ready.
pub async fn home_of(platform: &ReleasePlatform, tenant: &TenantId) -> Result<TenantHome, StepFailure> {
    let record = platform.base.table.tenant(tenant).await?;
    let plan = record.as_ref().and_then(|record| record.plan.clone()).unwrap_or_default();
    let home = match record.map(|record| record.state) {
        Some(TenantState::Ready { home } | TenantState::Provisioning { home, .. }) => home,
        Some(TenantState::Announced) => return Err(StepFailure::TenantNotReady(tenant.clone())),
        Some(TenantState::Deleting { .. } | TenantState::Deleted) | None => {
            return Err(StepFailure::NoTenant(tenant.clone()));
        }
    };
    let client = platform.base.clusters.client(&home.cluster).await?;
    let offer = platform.base.plans.find(&plan).map(|(_, plan)| plan).ok();
    let may_stay_awake = offer.is_some_and(|plan| plan.never_sleeps);
    let container = offer.map(|plan| plan.container.clone()).unwrap_or_default();
    Ok(TenantHome { namespace: home.slug.namespace(), cluster: home.cluster, client, plan, may_stay_awake, container })
}
