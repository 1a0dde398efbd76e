//! Secrets of one project whose content the platform draws once, and never changes.

use k8s_openapi::api::core::v1::Secret;
use kube::Resource;
use kube::api::PostParams;
use kube::core::Request;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::Deployment;
use crate::ClusterError;
use crate::error::{found, has_code};

/// Not the owner of what releases bring: a release that says nothing of the content leaves it as it is.
const MANAGER: &str = "roost-keys";

impl Deployment {
    /// Makes a Secret among a release's objects, with that content, unless it is there: nobody draws over another's.
    pub async fn make_key(&self, secret: &Value, (field, key): (&str, &SecretString)) -> Result<(), ClusterError> {
        let during = ClusterError::during("make the project's key");
        let mut secret = secret.clone();
        secret["stringData"] = json!({field: key.expose_secret()});
        let body = serde_json::to_vec(&secret).map_err(|error| during(kube::Error::SerdeError(error)))?;
        let parameters = PostParams { dry_run: false, field_manager: Some(MANAGER.to_owned()) };
        let request = self.secrets().create(&parameters, body);
        match self.call::<Value>(request.map_err(|error| during(kube::Error::BuildRequest(error)))?).await {
            Err(error) if has_code(&error, 409) => Ok(()),
            made => made.map(drop).map_err(during),
        }
    }

    /// Reads it; nothing if there is none of that name, or nothing in it.
    pub async fn key(&self, name: &str, field: &str) -> Result<Option<SecretString>, ClusterError> {
        let during = ClusterError::during("read the project's key");
        let request = self.secrets().get(name, &kube::api::GetParams::default());
        let request = request.map_err(|error| during(kube::Error::BuildRequest(error)))?;
        let secret: Option<Secret> = found(self.call(request).await).map_err(during)?;
        let content = secret.and_then(|secret| secret.data?.remove(field));
        Ok(content.and_then(|content| String::from_utf8(content.0).ok()).map(SecretString::from))
    }

    fn secrets(&self) -> Request {
        Request::new(Secret::url_path(&(), Some(&self.namespace)))
    }
}
