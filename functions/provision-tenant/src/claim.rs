//! A signup's claim of a name and of a place on a cluster.

use jiff::Timestamp;
use roost_aws::table::{ClaimError, ClusterRecord};
use roost_domain::cluster::{Place, placement};
use roost_domain::naming::{Slug, TenantId};
use roost_domain::tenant::{EventVersion, SignUp, Tenant};
use roost_runtime::Platform;
use tracing::info;

use crate::error::UserEventFailure;

/// Who claims.
#[derive(Clone, Copy)]
pub(crate) struct Claimant<'a> {
    pub(crate) id: &'a TenantId,
    pub(crate) version: EventVersion,
    pub(crate) signup: &'a SignUp,
    /// The record that is there already, of an announced or a deleted tenant.
    pub(crate) before: Option<&'a Tenant>,
}

/// Claims the best slug that is free, on the emptiest cluster that takes tenants.
pub(crate) async fn claim(platform: &Platform, claimant: Claimant<'_>) -> Result<Tenant, UserEventFailure> {
    platform.plans.find(&claimant.signup.plan)?;
    let known = platform.clusters.list().await?;
    if let Some(tenant) = claim_on_one(platform, claimant, &known).await? {
        return Ok(tenant);
    }
    let afresh = platform.clusters.list_afresh().await?;
    claim_on_one(platform, claimant, &afresh).await?.ok_or(UserEventFailure::NoRoom)
}

async fn claim_on_one(
    platform: &Platform,
    claimant: Claimant<'_>,
    clusters: &[ClusterRecord],
) -> Result<Option<Tenant>, UserEventFailure> {
    let occupancy: Vec<_> = clusters.iter().map(ClusterRecord::occupancy).collect();
    for place in placement(&occupancy, Timestamp::now()) {
        for slug in Slug::candidates(&claimant.signup.name, claimant.id) {
            match claim_place(platform, claimant, slug.clone(), &place).await {
                Ok(tenant) => return Ok(Some(tenant)),
                Err(ClaimError::SlugTaken) => info!(%slug, "the slug is taken"),
                Err(ClaimError::ClusterFull) => break,
                Err(ClaimError::Table(error)) => return Err(error.into()),
            }
        }
    }
    Ok(None)
}

async fn claim_place(
    platform: &Platform,
    claimant: Claimant<'_>,
    slug: Slug,
    place: &Place,
) -> Result<Tenant, ClaimError> {
    let Claimant { id, version, signup, before } = claimant;
    let now = Timestamp::now();
    let tenant = Tenant::claimed(id.clone(), version, signup, (slug.clone(), place.cluster.clone()), before, now);
    platform.table.claim(&tenant, &slug, place, now).await?;
    Ok(tenant)
}
