//! From a claim to a tenant that can be used: three round trips to the cluster, whatever its size.

use std::time::Duration;

use jiff::Timestamp;
use roost_aws::table::HistoryEntry;
use roost_aws::vault::Owner;
use roost_cluster::tenant::TenantSpace;
use roost_domain::credential::Credential;
use roost_domain::naming::ClusterName;
use roost_domain::plan::Plan;
use roost_domain::tenant::{Awaiting, EventVersion, Home, Tenant, TenantState};
use roost_runtime::Platform;
use tracing::warn;

use crate::error::UserEventFailure;
use crate::progress::Progress;

/// How long new tenants go to other clusters than one that did not answer.
const SPARED: Duration = Duration::from_mins(1);

/// Notes a newer event's plan, so that it is applied even if this run ends here.
pub(crate) async fn change_plan(
    platform: &Platform,
    tenant: Tenant,
    version: EventVersion,
    plan: String,
) -> Result<Tenant, UserEventFailure> {
    platform.plans.find(&plan)?;
    let state = match tenant.home() {
        Some(home) => TenantState::Provisioning { home: home.clone(), awaiting: Awaiting::Objects },
        None => tenant.state.clone(),
    };
    let changed = tenant.moved_to(state, Timestamp::now()).at_version(version).on_plan(plan);
    platform.table.save(&changed, None).await?;
    Ok(changed)
}

/// Makes what the tenant still lacks.
pub(crate) async fn provision(platform: &Platform, cause: &str, tenant: Tenant) -> Result<Progress, UserEventFailure> {
    let TenantState::Provisioning { home, awaiting } = &tenant.state else {
        return Ok(Progress::Done("replayed"));
    };
    let space = TenantSpace::new(platform.clusters.client(&home.cluster).await?, tenant.id.clone(), &home.slug);
    let made = match awaiting {
        Awaiting::Objects => {
            let plan = tenant.plan.clone().unwrap_or_default();
            let (_, plan) = platform.plans.find(&plan)?;
            make_objects(platform, &tenant, home, &space, plan).await
        }
        Awaiting::Quota => check_quota(home, &space).await,
    };
    match made {
        Ok((home, true)) => finish(platform, cause, &tenant, home).await,
        Ok((home, false)) => await_quota(platform, &tenant, home).await,
        Err(failure) => {
            spare_silent_cluster(platform, &home.cluster, &failure).await;
            Err(failure)
        }
    }
}

/// Makes the namespace and what is in it, then the credential. The quota is read last: by then the cluster has
/// usually begun to enforce it.
async fn make_objects(
    platform: &Platform,
    tenant: &Tenant,
    home: &Home,
    space: &TenantSpace,
    plan: &Plan,
) -> Result<(Home, bool), UserEventFailure> {
    let namespace_uid = match &home.namespace_uid {
        Some(uid) => uid.clone(),
        None => space.claim_namespace().await?.uid,
    };
    // Six calls at once have 20 KB of state: too much for the stack of whoever awaits this.
    Box::pin(space.apply_objects(plan)).await?;
    let credential = match &home.credential {
        Some(credential) => credential.clone(),
        None => issue_first_credential(platform, tenant, home, space).await?,
    };
    let enforced = space.quota_is_enforced().await?;
    Ok((Home { namespace_uid: Some(namespace_uid), credential: Some(credential), ..home.clone() }, enforced))
}

async fn issue_first_credential(
    platform: &Platform,
    tenant: &Tenant,
    home: &Home,
    space: &TenantSpace,
) -> Result<Credential, UserEventFailure> {
    let issued = space.issue_first_token(platform.credential_lifetime_seconds).await?;
    let owner = Owner { tenant: &tenant.id, cluster: &home.cluster, number: 1 };
    let sealed = platform.vault.seal(owner, &issued.token).await?;
    Ok(Credential::issued(&tenant.id, sealed, issued.expires_at, None, Timestamp::now()))
}

async fn check_quota(home: &Home, space: &TenantSpace) -> Result<(Home, bool), UserEventFailure> {
    Ok((home.clone(), space.quota_is_enforced().await?))
}

async fn finish(platform: &Platform, cause: &str, tenant: &Tenant, home: Home) -> Result<Progress, UserEventFailure> {
    let now = Timestamp::now();
    let plan = tenant.plan.as_deref().unwrap_or_default();
    let reason = format!("{} is ready on plan {plan}", home.slug.namespace());
    let entry = HistoryEntry::now("tenant.ready", cause, reason);
    platform.table.save(&tenant.moved_to(TenantState::Ready { home }, now), Some(&entry)).await?;
    Ok(Progress::Done("ready"))
}

/// Keeps what was made, and comes back: managed clusters fill at most some 20 quotas a second, and a function that
/// waits for them costs money.
async fn await_quota(platform: &Platform, tenant: &Tenant, home: Home) -> Result<Progress, UserEventFailure> {
    let reason = "the cluster does not enforce the quota yet".to_owned();
    let awaiting = TenantState::Provisioning { home, awaiting: Awaiting::Quota };
    if awaiting == tenant.state {
        return Ok(Progress::Later { after: None, reason });
    }
    platform.table.save(&tenant.moved_to(awaiting, Timestamp::now()), None).await?;
    // The way through the queue alone is usually long enough.
    Ok(Progress::Later { after: Some(Duration::ZERO), reason })
}

async fn spare_silent_cluster(platform: &Platform, cluster: &ClusterName, failure: &UserEventFailure) {
    if !failure.is_silence() {
        return;
    }
    let until = Timestamp::now() + SPARED;
    if let Err(error) = platform.table.spare_cluster(cluster, until).await {
        warn!(%error, %cluster, "the cluster was not spared");
    }
}
