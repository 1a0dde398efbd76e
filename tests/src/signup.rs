//! Signups through the running platform, from the bus to the owner's kubeconfig.

use anyhow::Result;
use roost_domain::naming::TenantId;
use roost_domain::tenant::{Tenant, TenantState};

use crate::owner::Owner;
use crate::running_platform::RunningPlatform;
use crate::until;
use crate::user::User;

/// Waits until the tenant is ready; says how far it came, if it does not come so far.
pub async fn ready(platform: &RunningPlatform, id: &TenantId) -> Result<Tenant> {
    let ready = |tenant: &Tenant| matches!(tenant.state, TenantState::Ready { .. });
    let waited = until::some("the tenant", || async { Ok(platform.table.tenant(id).await?.filter(ready)) }).await;
    match waited {
        Ok(tenant) => Ok(tenant),
        Err(error) => Err(error.context(format!("{:?}", platform.table.tenant(id).await?))),
    }
}

/// Signs a user up.
pub async fn sign_up(platform: &RunningPlatform, user: &User, plan: &str) -> Result<Tenant> {
    platform.publish("user.signed-up", &user.signed_up(plan, 1)).await?;
    ready(platform, &user.id).await
}

/// The owner of a new tenant on the plan `free`.
pub async fn new_owner(platform: &RunningPlatform, prefix: &str) -> Result<Owner> {
    let user = User::new(prefix);
    sign_up(platform, &user, "free").await?;
    Owner::of(&user.id).await
}
