//! What the registry answers, read within limits.

use reqwest::{Response, StatusCode};
use roost_domain::image::ImageDigest;
use serde::de::DeserializeOwned;

use super::RegistryError;

/// The registry itself takes no larger manifest; configurations, which users' builds make, are held to the same.
const LARGEST: usize = 4 * 1024 * 1024;

/// Reads a JSON answer.
pub(super) async fn json<T: DeserializeOwned>(action: &'static str, response: Response) -> Result<T, RegistryError> {
    if response.status() != StatusCode::OK {
        return Err(RegistryError::Answer { action, status: response.status() });
    }
    let body = bounded(action, response).await?;
    serde_json::from_slice(&body).map_err(|error| RegistryError::Content { action, reason: error.to_string() })
}

/// The digest of what is asked for, which the registry tells in a header.
pub(super) fn digest(action: &'static str, response: &Response) -> Result<ImageDigest, RegistryError> {
    let header = response.headers().get("docker-content-digest").and_then(|value| value.to_str().ok());
    let digest = ImageDigest::parse(header.unwrap_or_default());
    digest.map_err(|error| RegistryError::Content { action, reason: error.to_string() })
}

async fn bounded(action: &'static str, mut response: Response) -> Result<Vec<u8>, RegistryError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(RegistryError::during(action))? {
        if body.len() + chunk.len() > LARGEST {
            return Err(RegistryError::Content { action, reason: format!("the answer has more than {LARGEST} bytes") });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
