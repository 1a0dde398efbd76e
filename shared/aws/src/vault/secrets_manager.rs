//! Tokens as secrets of their own in Secrets Manager, one for each tenant, a version for each credential.

use aws_sdk_secretsmanager::Client;
use roost_domain::credential::SealedToken;
use roost_domain::naming::TenantId;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{Owner, VaultError};
use crate::ServiceFailure;

/// Keeps tokens in secrets named `roost/tenants/{tenant}`.
#[derive(Debug, Clone)]
pub struct SecretsManagerVault {
    client: Client,
}

/// What a secret holds: the token with its owner, which is compared when it is read.
#[derive(Serialize, Deserialize)]
struct Kept {
    cluster: String,
    credential: u32,
    token: String,
}

fn secret_name(tenant: &TenantId) -> String {
    format!("roost/tenants/{tenant}")
}

impl SecretsManagerVault {
    /// A vault in the client's account and region.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    pub(super) async fn seal(&self, owner: Owner<'_>, token: &SecretString) -> Result<SealedToken, VaultError> {
        let kept = Kept {
            cluster: owner.cluster.to_string(),
            credential: owner.number,
            token: token.expose_secret().to_owned(),
        };
        let content = serde_json::to_string(&kept).map_err(|_| VaultError::Unreadable("it cannot be written"))?;
        let version = match self.put(owner.tenant, &content).await {
            Err(failure) if failure.code() == Some("ResourceNotFoundException") => {
                self.create(owner.tenant, &content).await?
            }
            put => put?,
        };
        let version = version.ok_or(VaultError::Unreadable("Secrets Manager named no version"))?;
        Ok(SealedToken::SecretsManager(version))
    }

    pub(super) async fn open(&self, owner: Owner<'_>, version: &str) -> Result<SecretString, VaultError> {
        let get = self.client.get_secret_value().secret_id(secret_name(owner.tenant)).version_id(version);
        let got = get.send().await.map_err(|error| ServiceFailure::new("open the token", &error))?;
        let kept: Kept = serde_json::from_str(got.secret_string().unwrap_or_default())
            .map_err(|_| VaultError::Unreadable("the secret is not in Roost's form"))?;
        if kept.cluster != owner.cluster.as_str() || kept.credential != owner.number {
            return Err(VaultError::Unreadable("it belongs to another credential"));
        }
        Ok(SecretString::from(kept.token))
    }

    pub(super) async fn forget(&self, tenant: &TenantId) -> Result<(), VaultError> {
        // Without the usual recovery window: it would block the name for days, and keep a token nobody may use.
        let delete = self.client.delete_secret().secret_id(secret_name(tenant)).force_delete_without_recovery(true);
        match delete.send().await.map_err(|error| ServiceFailure::new("forget the token", &error)) {
            Err(failure) if failure.code() != Some("ResourceNotFoundException") => Err(failure.into()),
            _ => Ok(()),
        }
    }

    async fn put(&self, tenant: &TenantId, content: &str) -> Result<Option<String>, ServiceFailure> {
        let put = self.client.put_secret_value().secret_id(secret_name(tenant)).secret_string(content).send().await;
        put.map(|put| put.version_id).map_err(|error| ServiceFailure::new("seal the token", &error))
    }

    async fn create(&self, tenant: &TenantId, content: &str) -> Result<Option<String>, ServiceFailure> {
        let created = self.client.create_secret().name(secret_name(tenant)).secret_string(content).send().await;
        let action = "seal the tenant's first token";
        created.map(|created| created.version_id).map_err(|error| ServiceFailure::new(action, &error))
    }
}
