//! What the cluster's operator decides about builds: the chart keeps it in a `ConfigMap`.

use k8s_openapi::api::core::v1::{ConfigMap, ResourceRequirements};
use kube::Api;
use roost_domain::fault::{Classified, Fault};
use serde::{Deserialize, Serialize};

use super::{BuildJobs, NAMESPACE};
use crate::ClusterError;

const NAME: &str = "build-settings";
const KEY: &str = "settings.json";

/// The operator's decisions.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuildSettings {
    /// The image of our own program, with buildctl.
    pub image: String,
    /// The image of the daemon, for builds that have one of their own.
    pub builder_image: String,
    /// When nodes fetch these images.
    pub image_pull_policy: String,
    /// The most room that an unpacked archive may take.
    pub workspace_size: String,
    /// The most room that a daemon of a build's own may take.
    pub builder_cache_size: String,
    /// Of our own program.
    pub resources: ResourceRequirements,
    /// Of a daemon of a build's own.
    pub builder_resources: ResourceRequirements,
}

/// Why the settings are not known.
#[derive(Debug, thiserror::Error)]
pub enum BuildSettingsError {
    /// The API server did not answer as it should.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// The chart that is installed is older or newer than this program.
    #[error("the ConfigMap {NAME} in {NAMESPACE} is not what this version reads ({0}): upgrade the chart")]
    Malformed(String),
}

impl Classified for BuildSettingsError {
    fn fault(&self) -> Fault {
        match self {
            Self::Cluster(error) => error.fault(),
            Self::Malformed(_) => Fault::Ours,
        }
    }
}

impl BuildJobs {
    /// Reads the operator's decisions.
    pub async fn settings(&self) -> Result<BuildSettings, BuildSettingsError> {
        let maps: Api<ConfigMap> = Api::namespaced(self.client.clone(), NAMESPACE);
        let map = maps.get(NAME).await.map_err(ClusterError::during("read the settings of builds"))?;
        let text = map.data.and_then(|mut data| data.remove(KEY));
        let text = text.ok_or_else(|| BuildSettingsError::Malformed(format!("it has no {KEY}")))?;
        serde_json::from_str(&text).map_err(|error| BuildSettingsError::Malformed(error.to_string()))
    }
}
