//! Everything about a cluster's registry that functions need, as one secret holds it.

use roost_domain::image::RegistryName;
use roost_domain::naming::ClusterName;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::pull_credential::{PullKey, PullKeyError};
use crate::signing_key::{SigningKey, SigningKeyError};

/// A cluster's registry.
#[derive(Debug)]
pub struct RegistrySettings {
    /// Host and port with which names of images begin.
    pub name: RegistryName,
    /// Where functions reach it.
    pub endpoint: String,
    /// Signs tokens for it.
    pub signing_key: SigningKey,
    /// Makes the tenants' credentials.
    pub pull_key: PullKey,
    /// Connections last as long as the settings.
    #[cfg(feature = "client")]
    pub(crate) http: std::sync::OnceLock<reqwest::Client>,
}

/// Why a secret does not tell about a registry.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Another form.
    #[error("the registry's secret is not JSON with name, endpoint, signing_key and pull_key: {0}")]
    Form(#[from] serde_json::Error),
    /// Neither http nor https.
    #[error("the registry's endpoint {0:?} is not an address: begin it with http:// or https://")]
    Endpoint(String),
    /// No key for tokens.
    #[error(transparent)]
    SigningKey(#[from] SigningKeyError),
    /// No key for passwords.
    #[error(transparent)]
    PullKey(#[from] PullKeyError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    name: RegistryName,
    endpoint: String,
    signing_key: SecretString,
    pull_key: SecretString,
}

impl RegistrySettings {
    /// The id of the secret for a cluster's registry.
    #[must_use]
    pub fn secret_id(cluster: &ClusterName) -> String {
        format!("roost/registries/{cluster}")
    }

    /// Reads the secret's value.
    pub fn parse(secret: &SecretString) -> Result<Self, SettingsError> {
        let stored: Stored = serde_json::from_str(secret.expose_secret())?;
        let endpoint = stored.endpoint.trim_end_matches('/').to_owned();
        if !endpoint.starts_with("http://") && !endpoint.starts_with("https://") {
            return Err(SettingsError::Endpoint(endpoint));
        }
        let signing_key = SigningKey::from_pem(&stored.signing_key)?;
        let pull_key = PullKey::from_base64(&stored.pull_key)?;
        Ok(Self {
            name: stored.name,
            endpoint,
            signing_key,
            pull_key,
            #[cfg(feature = "client")]
            http: std::sync::OnceLock::new(),
        })
    }
}
