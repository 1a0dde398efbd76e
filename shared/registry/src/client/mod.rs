//! What functions ask of the registry, each time with a token for just that.

mod answer;
mod error;
mod tags;

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::ACCEPT;
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use roost_domain::image::{ImageDigest, Repository};
use secrecy::ExposeSecret;

pub use error::RegistryError;

use crate::grant::Grant;
use crate::settings::RegistrySettings;
use crate::signing_key::SigningKey;

/// Of one call; the registry is near.
const LIMIT: Duration = Duration::from_secs(10);
const TOKEN_LIFETIME: Duration = Duration::from_mins(1);
/// What images and lists of images are described by.
const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";

/// The registry of one cluster.
#[derive(Debug)]
pub struct RegistryClient {
    http: reqwest::Client,
    endpoint: String,
    key: SigningKey,
}

impl RegistryClient {
    /// A client with the connections of others with the same settings.
    pub fn new(settings: &RegistrySettings) -> Result<Self, RegistryError> {
        let http = settings.http.get().cloned().map_or_else(http, Ok)?;
        let http = settings.http.get_or_init(|| http).clone();
        Ok(Self { http, endpoint: settings.endpoint.clone(), key: settings.signing_key.clone() })
    }

    /// Whether the registry has an image, by its manifest's digest.
    pub async fn has_manifest(&self, repository: &Repository, digest: &ImageDigest) -> Result<bool, RegistryError> {
        Ok(self.digest(repository, digest.as_str()).await?.is_some())
    }

    /// Deletes an image, if it is there, with all its tags. Its layers go when the registry collects its garbage.
    pub async fn delete(&self, repository: &Repository, digest: &ImageDigest) -> Result<(), RegistryError> {
        const ACTION: &str = "delete an image";
        let path = format!("{repository}/manifests/{digest}");
        let request = self.request(Method::DELETE, &path, Grant::delete(repository))?;
        match send(ACTION, request).await?.status() {
            StatusCode::ACCEPTED | StatusCode::NOT_FOUND => Ok(()),
            status => Err(RegistryError::Answer { action: ACTION, status }),
        }
    }

    async fn digest(&self, repository: &Repository, reference: &str) -> Result<Option<ImageDigest>, RegistryError> {
        const ACTION: &str = "look for an image";
        let request = self.read(Method::HEAD, &format!("{repository}/manifests/{reference}"), repository)?;
        let response = send(ACTION, request.header(ACCEPT, MANIFESTS)).await?;
        match response.status() {
            StatusCode::NOT_FOUND => Ok(None),
            StatusCode::OK => answer::digest(ACTION, &response).map(Some),
            status => Err(RegistryError::Answer { action: ACTION, status }),
        }
    }

    fn read(&self, method: Method, path: &str, repository: &Repository) -> Result<RequestBuilder, RegistryError> {
        self.request(method, path, Grant::pull(repository))
    }

    fn request(&self, method: Method, path: &str, grant: Grant) -> Result<RequestBuilder, RegistryError> {
        let token = self.key.token("functions", &[grant], TOKEN_LIFETIME, Timestamp::now())?;
        let request = self.http.request(method, format!("{}/v2/{path}", self.endpoint));
        Ok(request.bearer_auth(token.text.expose_secret()))
    }
}

fn http() -> Result<reqwest::Client, RegistryError> {
    // Whoever redirects would get the token.
    let http = reqwest::Client::builder().timeout(LIMIT).redirect(Policy::none()).no_proxy();
    http.build().map_err(RegistryError::during("connect to the registry"))
}

async fn send(action: &'static str, request: RequestBuilder) -> Result<Response, RegistryError> {
    request.send().await.map_err(RegistryError::during(action))
}
