//! One tenant's credential: the next one beside it, and the one before it ended.

use jiff::Timestamp;
use roost_aws::table::{HistoryEntry, TableError};
use roost_aws::vault::{Owner, VaultError};
use roost_cluster::ClusterError;
use roost_cluster::tenant::TenantSpace;
use roost_domain::credential::{Credential, CredentialTask};
use roost_domain::fault::{Classified, Fault};
use roost_domain::tenant::{Home, Tenant, TenantState};
use roost_runtime::{ClustersError, Platform};

/// What was done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Rotation {
    Renewed(u32),
    Revoked(u32),
    NothingDue,
}

impl Rotation {
    /// Its name, for logs and metrics.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Renewed(_) => "renewed",
            Self::Revoked(_) => "revoked",
            Self::NothingDue => "nothing-due",
        }
    }

    /// The number of the credential it was about.
    pub(crate) fn number(&self) -> Option<u32> {
        match self {
            Self::Renewed(number) | Self::Revoked(number) => Some(*number),
            Self::NothingDue => None,
        }
    }
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RotationError {
    #[error(transparent)]
    Table(#[from] TableError),
    #[error(transparent)]
    Clusters(#[from] ClustersError),
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl RotationError {
    pub(crate) fn passes(&self) -> bool {
        let fault = match self {
            Self::Table(error) => error.fault(),
            Self::Clusters(error) => error.fault(),
            Self::Cluster(error) => error.fault(),
            Self::Vault(error) => error.fault(),
        };
        fault == Fault::Passing
    }
}

/// Does what is due. If the tenant changed since it was read, its credential stays as it is and due.
pub(crate) async fn rotate(platform: &Platform, tenant: &Tenant, now: Timestamp) -> Result<Rotation, RotationError> {
    let TenantState::Ready { home } = &tenant.state else { return Ok(Rotation::NothingDue) };
    let Some(credential) = &home.credential else { return Ok(Rotation::NothingDue) };
    let Some(task) = credential.task(now) else { return Ok(Rotation::NothingDue) };
    let space = TenantSpace::new(platform.clusters.client(&home.cluster).await?, tenant.id.clone(), &home.slug);
    match task {
        CredentialTask::Revoke(number) => {
            space.revoke_token(number).await?;
            save(platform, tenant, home, credential.alone(), None, now).await?;
            Ok(Rotation::Revoked(number))
        }
        CredentialTask::Renew(number) => {
            let issued = space.issue_token(number, platform.credential_lifetime_seconds).await?;
            let owner = Owner { tenant: &tenant.id, cluster: &home.cluster, number };
            let sealed = platform.vault.seal(owner, &issued.token).await?;
            let renewed = Credential::issued(&tenant.id, sealed, issued.expires_at, Some(credential), now);
            save(platform, tenant, home, renewed, Some(number), now).await?;
            Ok(Rotation::Renewed(number))
        }
    }
}

async fn save(
    platform: &Platform,
    tenant: &Tenant,
    home: &Home,
    credential: Credential,
    renewed: Option<u32>,
    now: Timestamp,
) -> Result<(), TableError> {
    let home = Home { credential: Some(credential), ..home.clone() };
    let entry = renewed.map(|number| {
        let reason = format!("credential {number} is in force; the one before it ends within the hour");
        HistoryEntry::now("credential.renewed", "schedule", reason)
    });
    platform.table.save(&tenant.moved_to(TenantState::Ready { home }, now), entry.as_ref()).await
}
