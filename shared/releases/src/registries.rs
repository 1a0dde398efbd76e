//! The clusters' registries: one for each, known by a secret.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use roost_aws::ServiceFailure;
use roost_aws::secrets::PlatformSecrets;
use roost_domain::fault::{Classified, Fault};
use roost_domain::naming::ClusterName;
use roost_registry::settings::{RegistrySettings, SettingsError};

/// How old what is known may be: a registry's keys can be replaced at any time.
const AGE: Duration = Duration::from_mins(2);

/// The registries of the registered clusters.
#[derive(Clone)]
pub struct Registries {
    secrets: PlatformSecrets,
    known: Arc<RwLock<HashMap<ClusterName, Known>>>,
}

struct Known {
    read: Instant,
    registry: Arc<RegistrySettings>,
}

/// Why a cluster's registry cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RegistriesError {
    /// Its secret could not be read.
    #[error(transparent)]
    Secret(#[from] ServiceFailure),
    /// Its secret is of no use.
    #[error("the secret of the registry of {cluster}: {source}")]
    Settings {
        /// Whose registry.
        cluster: ClusterName,
        /// What is wrong with it.
        source: SettingsError,
    },
}

impl Classified for RegistriesError {
    fn fault(&self) -> Fault {
        match self {
            Self::Secret(failure) => failure.fault(),
            Self::Settings { .. } => Fault::Ours,
        }
    }
}

impl Registries {
    /// The registries whose secrets are there.
    #[must_use]
    pub fn new(secrets: PlatformSecrets) -> Self {
        Self { secrets, known: Arc::default() }
    }

    /// The registry of a cluster.
    pub async fn of(&self, cluster: &ClusterName) -> Result<Arc<RegistrySettings>, RegistriesError> {
        if let Some(registry) = self.known(cluster) {
            return Ok(registry);
        }
        let secret = self.secrets.read(&RegistrySettings::secret_id(cluster)).await?;
        let registry = RegistrySettings::parse(&secret)
            .map_err(|source| RegistriesError::Settings { cluster: cluster.clone(), source })?;
        let registry = Arc::new(registry);
        if let Ok(mut known) = self.known.write() {
            known.insert(cluster.clone(), Known { read: Instant::now(), registry: Arc::clone(&registry) });
        }
        Ok(registry)
    }

    fn known(&self, cluster: &ClusterName) -> Option<Arc<RegistrySettings>> {
        let known = self.known.read().ok()?;
        known.get(cluster).filter(|known| known.read.elapsed() < AGE).map(|known| Arc::clone(&known.registry))
    }
}
