//! Where tenants' tokens are kept: sealed by KMS beside the tenant's record, or each as a secret of its own.

mod kms;
mod secrets_manager;

use std::str::FromStr;

use roost_domain::credential::SealedToken;
use roost_domain::fault::{Classified, Fault};
use roost_domain::naming::{ClusterName, TenantId};
use secrecy::SecretString;

pub use kms::KmsVault;
pub use secrets_manager::SecretsManagerVault;

use crate::ServiceFailure;

/// What a token belongs to; a token sealed for one of these opens for no other.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// The tenant.
    pub tenant: &'a TenantId,
    /// The cluster that issued it.
    pub cluster: &'a ClusterName,
    /// The credential's number.
    pub number: u32,
}

/// Which vault to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultKind {
    /// KMS: about a hundredth of the cost, for any number of tenants.
    Kms,
    /// Secrets Manager: $0.40 a month for each tenant, right for hundreds.
    SecretsManager,
}

/// The setting names no vault.
#[derive(Debug, thiserror::Error)]
#[error("there is no vault {0:?}; choose kms or secrets-manager")]
pub struct VaultKindError(String);

impl FromStr for VaultKind {
    type Err = VaultKindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "kms" => Ok(Self::Kms),
            "secrets-manager" => Ok(Self::SecretsManager),
            other => Err(VaultKindError(other.to_owned())),
        }
    }
}

/// Keeps tokens.
#[derive(Debug, Clone)]
pub enum Vault {
    /// See [`VaultKind::Kms`].
    Kms(KmsVault),
    /// See [`VaultKind::SecretsManager`].
    SecretsManager(SecretsManagerVault),
}

/// Why a token was not sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The service did not carry the call out.
    #[error(transparent)]
    Service(#[from] ServiceFailure),
    /// What came back is not what was put in.
    #[error("the sealed token cannot be read: {0}")]
    Unreadable(&'static str),
    /// The token is kept in the other vault.
    #[error("the token was sealed by another vault; set ROOST_VAULT to the one that sealed it")]
    OtherVault,
}

impl Classified for VaultError {
    fn fault(&self) -> Fault {
        match self {
            Self::Service(failure) => failure.fault(),
            Self::Unreadable(_) | Self::OtherVault => Fault::Ours,
        }
    }
}

impl Vault {
    /// Seals a token for its owner.
    pub async fn seal(&self, owner: Owner<'_>, token: &SecretString) -> Result<SealedToken, VaultError> {
        match self {
            Self::Kms(vault) => vault.seal(owner, token).await,
            Self::SecretsManager(vault) => vault.seal(owner, token).await,
        }
    }

    /// Opens a token for its owner.
    pub async fn open(&self, owner: Owner<'_>, sealed: &SealedToken) -> Result<SecretString, VaultError> {
        match (self, sealed) {
            (Self::Kms(vault), SealedToken::Kms(ciphertext)) => vault.open(owner, ciphertext).await,
            (Self::SecretsManager(vault), SealedToken::SecretsManager(version)) => vault.open(owner, version).await,
            _ => Err(VaultError::OtherVault),
        }
    }

    /// Forgets all that is kept of a tenant outside its record.
    pub async fn forget(&self, tenant: &TenantId) -> Result<(), VaultError> {
        match self {
            Self::Kms(_) => Ok(()),
            Self::SecretsManager(vault) => vault.forget(tenant).await,
        }
    }
}
