//! How an image wants to be run.

use reqwest::Method;
use reqwest::header::ACCEPT;
use roost_domain::image::{ImageDigest, Repository};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{MANIFESTS, RegistryClient, RegistryError, answer, send};

const ACTION: &str = "read an image's configuration";

/// What of an image's configuration matters to the platform.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct ImageConfig {
    /// As `USER` has it: empty for root.
    #[serde(rename = "User", default)]
    pub user: String,
}

/// <https://github.com/opencontainers/image-spec/blob/main/manifest.md>, or an index of such manifests.
#[derive(Deserialize)]
struct Manifest {
    config: Option<Descriptor>,
    #[serde(default)]
    manifests: Vec<Descriptor>,
}

#[derive(Deserialize)]
struct Descriptor {
    digest: ImageDigest,
    platform: Option<Platform>,
}

#[derive(Deserialize)]
struct Platform {
    os: String,
}

#[derive(Deserialize)]
struct Configuration {
    #[serde(default)]
    config: ImageConfig,
}

impl RegistryClient {
    /// The configuration of an image; of an index, of its first image for Linux.
    pub async fn image_config(
        &self,
        repository: &Repository,
        digest: &ImageDigest,
    ) -> Result<ImageConfig, RegistryError> {
        let manifest = self.manifest(repository, digest).await?;
        let manifest = match for_linux(&manifest) {
            Some(image) => self.manifest(repository, image).await?,
            None => manifest,
        };
        let missing = || RegistryError::Content { action: ACTION, reason: "the manifest names none".to_owned() };
        let config = manifest.config.ok_or_else(missing)?;
        let path = format!("{repository}/blobs/{}", config.digest);
        Ok(self.content::<Configuration>(&path, repository).await?.config)
    }

    async fn manifest(&self, repository: &Repository, digest: &ImageDigest) -> Result<Manifest, RegistryError> {
        self.content(&format!("{repository}/manifests/{digest}"), repository).await
    }

    async fn content<T: DeserializeOwned>(&self, path: &str, repository: &Repository) -> Result<T, RegistryError> {
        let request = self.read(Method::GET, path, repository)?.header(ACCEPT, MANIFESTS);
        answer::json(ACTION, send(ACTION, request).await?).await
    }
}

/// An index also lists attestations, for a platform that is `unknown`.
fn for_linux(manifest: &Manifest) -> Option<&ImageDigest> {
    let is_linux = |image: &&Descriptor| image.platform.as_ref().is_some_and(|platform| platform.os == "linux");
    manifest.manifests.iter().find(is_linux).map(|image| &image.digest)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_attestation_is_not_taken_for_the_image() {
        let digest = |c: &str| format!("sha256:{}", c.repeat(64));
        let index: Manifest = serde_json::from_value(json!({"manifests": [
            {"digest": digest("a"), "platform": {"os": "unknown", "architecture": "unknown"}},
            {"digest": digest("b"), "platform": {"os": "linux", "architecture": "amd64"}},
        ]}))
        .unwrap();
        assert_eq!(for_linux(&index).unwrap().as_str(), digest("b"));
    }

    #[test]
    fn an_image_without_a_user_runs_as_root() {
        for text in [r#"{"config": {"User": ""}}"#, r#"{"config": {}}"#, "{}"] {
            assert_eq!(serde_json::from_str::<Configuration>(text).unwrap().config.user, "", "{text}");
        }
    }
}
