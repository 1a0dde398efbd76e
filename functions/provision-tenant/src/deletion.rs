//! The end of a tenant: rights first, then the namespace, then what would outlive it, then the record.

use std::time::Duration;

use jiff::Timestamp;
use roost_aws::objects::Objects;
use roost_aws::table::{Departure, HistoryEntry};
use roost_cluster::tenant::{NamespaceState, TenantSpace};
use roost_domain::tenant::{Deletion, EventVersion, Home, LONGEST_RUN, Tenant, TenantState};
use roost_runtime::Platform;

use crate::error::UserEventFailure;
use crate::progress::Progress;

/// Notes that the tenant goes, then takes its rights and starts the removal of its namespace.
pub(crate) async fn begin(
    (platform, objects): (&Platform, &Objects),
    cause: &str,
    tenant: &Tenant,
    version: EventVersion,
) -> Result<Progress, UserEventFailure> {
    let Some(home) = tenant.home() else { return Ok(Progress::Done("outdated")) };
    let now = Timestamp::now();
    let deletion = Deletion { started_at: now, volumes: Vec::new() };
    let going = tenant.moved_to(TenantState::Deleting { home: home.clone(), deletion }, now).at_version(version);
    let reason = format!("{} is being removed", home.slug.namespace());
    let entry = HistoryEntry::now("tenant.deleting", cause, reason);
    platform.table.save(&going, Some(&entry)).await?;
    match &home.namespace_uid {
        Some(uid) => remove(platform, &going, home, uid).await,
        None => go_on((platform, objects), cause, &going).await,
    }
}

/// Goes on with a deletion from wherever it is.
pub(crate) async fn go_on(
    (platform, objects): (&Platform, &Objects),
    cause: &str,
    tenant: &Tenant,
) -> Result<Progress, UserEventFailure> {
    let TenantState::Deleting { home, deletion } = &tenant.state else {
        return Ok(Progress::Done("replayed"));
    };
    match space(platform, tenant, home).await?.namespace_state().await? {
        NamespaceState::Present { uid } => remove(platform, tenant, home, &uid).await,
        NamespaceState::Terminating { hindrances } if hindrances.is_empty() => {
            Ok(Progress::waiting_for("the namespace is being removed"))
        }
        NamespaceState::Terminating { hindrances } => {
            Ok(Progress::waiting_for(format!("the namespace cannot be removed yet: {hindrances}")))
        }
        NamespaceState::Gone => conclude((platform, objects), cause, tenant, home, deletion).await,
    }
}

/// Takes the rights, notes the volumes, and deletes the namespace.
async fn remove(
    platform: &Platform,
    tenant: &Tenant,
    home: &Home,
    namespace_uid: &str,
) -> Result<Progress, UserEventFailure> {
    let space = space(platform, tenant, home).await?;
    space.revoke_access(home.credential.as_ref().map(|credential| credential.number)).await?;
    note_volumes(platform, tenant, space.bound_volumes().await?).await?;
    space.delete_namespace(namespace_uid).await?;
    Ok(Progress::waiting_for("the namespace is being removed"))
}

/// Once the namespace is gone nothing says any more which volumes were its own.
async fn note_volumes(platform: &Platform, tenant: &Tenant, bound: Vec<String>) -> Result<(), UserEventFailure> {
    let TenantState::Deleting { home, deletion } = &tenant.state else { return Ok(()) };
    let unknown: Vec<_> = bound.into_iter().filter(|volume| !deletion.volumes.contains(volume)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let volumes = deletion.volumes.iter().cloned().chain(unknown).collect();
    let deletion = Deletion { volumes, ..deletion.clone() };
    let noted = tenant.moved_to(TenantState::Deleting { home: home.clone(), deletion }, Timestamp::now());
    Ok(platform.table.save(&noted, None).await?)
}

/// Removes what outlived the namespace, and gives back the place and, in time, the name and the addresses.
async fn conclude(
    (platform, objects): (&Platform, &Objects),
    cause: &str,
    tenant: &Tenant,
    home: &Home,
    deletion: &Deletion,
) -> Result<Progress, UserEventFailure> {
    let now = Timestamp::now();
    if let Some(remaining) = before_the_last_run_ended(deletion, now) {
        let reason = "an earlier run could still be at work for the tenant".to_owned();
        return Ok(Progress::Later { after: Some(remaining), reason });
    }
    let space = space(platform, tenant, home).await?;
    for volume in &deletion.volumes {
        space.release_volume(volume).await?;
    }
    platform.vault.forget(&tenant.id).await?;
    for project in platform.table.projects(&tenant.id).await? {
        if let Some(address) = &project.address {
            platform.table.free_address(address, (&tenant.id, &project.name), now).await?;
        }
    }
    objects.remove_all_of(&tenant.id).await?;
    platform.table.forget_belongings(&tenant.id).await?;
    let reason = format!("{} and all that was in it are gone", home.slug.namespace());
    let entry = HistoryEntry::now("tenant.deleted", cause, reason);
    let gone = tenant.moved_to(TenantState::Deleted, now);
    platform.table.release_place(Departure { tenant: &gone, home }, &entry, now).await?;
    Ok(Progress::Done("deleted"))
}

/// How long a run that read the tenant's record before its deletion may still be making things.
fn before_the_last_run_ended(deletion: &Deletion, now: Timestamp) -> Option<Duration> {
    let since = Duration::try_from(now.duration_since(deletion.started_at)).unwrap_or_default();
    LONGEST_RUN
        .checked_sub(since)
        .filter(|remaining| !remaining.is_zero())
        .map(|remaining| remaining + Duration::from_secs(1))
}

async fn space(platform: &Platform, tenant: &Tenant, home: &Home) -> Result<TenantSpace, UserEventFailure> {
    Ok(TenantSpace::new(platform.clusters.client(&home.cluster).await?, tenant.id.clone(), &home.slug))
}
