//! The platform's registry as its clients see it: with whatever token a test gives itself, and images it pushes.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use roost_aws::secrets::PlatformSecrets;
use roost_domain::image::{ImageDigest, Repository};
use roost_domain::naming::{ClusterName, ComponentName, ProjectName, TenantId};
use roost_registry::grant::Grant;
use roost_registry::settings::RegistrySettings;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::running_platform::{RunningPlatform, variable};
use crate::world::CLUSTER;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIGURATION: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
/// A static program that waits.
const WAITS: &str = "/usr/bin/catatonit";

/// The registry of the running platform.
pub struct Registry {
    /// The keys, and how images are named.
    pub settings: RegistrySettings,
    secret: SecretString,
    http: reqwest::Client,
    endpoint: String,
}

/// An image that a test pushed.
pub struct Pushed {
    /// Where.
    pub repository: Repository,
    /// What nodes pull it by.
    pub digest: ImageDigest,
    /// The digest of its one layer.
    pub layer: String,
}

impl Registry {
    /// Connects to it, with the keys that the functions have.
    pub async fn connect(platform: &RunningPlatform) -> Result<Self> {
        let secrets = PlatformSecrets::new(aws_sdk_secretsmanager::Client::new(&platform.aws));
        let secret = secrets.read(&RegistrySettings::secret_id(&ClusterName::parse(CLUSTER)?)).await?;
        let endpoint = format!("http://{}", variable("ROOST_REGISTRY")?);
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build()?;
        Ok(Self { settings: RegistrySettings::parse(&secret)?, secret, http, endpoint })
    }

    /// The private key, for a test that signs what the platform never would.
    pub fn signing_key(&self) -> Result<String> {
        let secret: Value = serde_json::from_str(self.secret.expose_secret())?;
        secret["signing_key"].as_str().map(str::to_owned).context("the registry's secret has no key")
    }

    /// A token good for five minutes.
    pub fn token(&self, grants: &[Grant]) -> Result<String> {
        self.token_of(grants, Timestamp::now())
    }

    /// A token of five minutes that begin then.
    pub fn token_of(&self, grants: &[Grant], from: Timestamp) -> Result<String> {
        let token = self.settings.signing_key.token("test", grants, Duration::from_mins(5), from)?;
        Ok(token.text.expose_secret().to_owned())
    }

    /// A request below `/v2/`.
    pub fn request(&self, method: Method, path: &str, token: Option<&str>) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/v2/{path}", self.endpoint));
        // A manifest that is not asked for by its type is not found.
        let request = request.header("accept", format!("{MANIFEST}, */*"));
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// What the registry answers to a request without a body.
    pub async fn ask(&self, method: Method, path: &str, token: Option<&str>) -> Result<Response> {
        Ok(self.request(method, path, token).send().await?)
    }

    /// Pushes an image that waits until it is ended, with a layer nobody else has.
    pub async fn push(&self, repository: &Repository, tag: &str) -> Result<Pushed> {
        let layer = layer()?;
        let layer_digest = digest(&layer);
        let config = json!({"Entrypoint": ["/usr/bin/catatonit", "-P"], "User": "1000"});
        let config = json!({
            "architecture": if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" },
            "os": "linux",
            "config": config,
            "rootfs": {"type": "layers", "diff_ids": [layer_digest]},
        });
        let config = serde_json::to_vec(&config)?;
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {"mediaType": CONFIGURATION, "digest": digest(&config), "size": config.len()},
            "layers": [{"mediaType": LAYER, "digest": layer_digest, "size": layer.len()}],
        });
        let token = self.token(&[Grant::push(repository)])?;
        self.push_blob(repository, layer, &token).await?;
        self.push_blob(repository, config, &token).await?;
        let digest = self.push_manifest(repository, tag, &manifest, &token).await?;
        Ok(Pushed { repository: repository.clone(), digest, layer: layer_digest })
    }

    async fn push_blob(&self, repository: &Repository, blob: Vec<u8>, token: &str) -> Result<()> {
        let started = self.ask(Method::POST, &format!("{repository}/blobs/uploads/"), Some(token)).await?;
        ensure!(started.status() == StatusCode::ACCEPTED, "no upload: {}", started.status());
        let place = started.headers().get("location").context("the upload has no address")?.to_str()?;
        let place = place.split_once("/v2/").context("the upload is elsewhere")?.1;
        let put = self.request(Method::PUT, place, Some(token)).query(&[("digest", digest(&blob))]);
        let put = put.header("content-type", "application/octet-stream").body(blob).send().await?;
        ensure!(put.status() == StatusCode::CREATED, "no blob: {}", put.status());
        Ok(())
    }

    async fn push_manifest(
        &self,
        repository: &Repository,
        tag: &str,
        manifest: &Value,
        token: &str,
    ) -> Result<ImageDigest> {
        let body = serde_json::to_vec(manifest)?;
        let digest = ImageDigest::parse(&digest(&body))?;
        let put = self.request(Method::PUT, &format!("{repository}/manifests/{tag}"), Some(token));
        let put = put.header("content-type", MANIFEST).body(body).send().await?;
        ensure!(put.status() == StatusCode::CREATED, "no manifest: {}", put.status());
        Ok(digest)
    }

    /// Asks where the registry says tokens are for one, as a node does.
    pub async fn ask_for_token(&self, user: &str, password: &str, scopes: &[String]) -> Result<Response> {
        let mut request = self.http.get(self.realm().await?).basic_auth(user, Some(password));
        request = request.query(&[("service", "roost-registry")]);
        for scope in scopes {
            request = request.query(&[("scope", scope)]);
        }
        Ok(request.send().await?)
    }

    /// Posts a form to where the registry says tokens are.
    pub async fn post_for_token(&self, form: &[(&str, &str)]) -> Result<Response> {
        Ok(self.http.post(self.realm().await?).form(form).send().await?)
    }

    async fn realm(&self) -> Result<String> {
        let challenged = self.ask(Method::GET, "", None).await?;
        let challenge = challenged.headers().get("www-authenticate").context("no challenge")?.to_str()?;
        let realm = challenge.split('"').nth(1).context("the challenge has no realm")?;
        Ok(realm.to_owned())
    }
}

/// The repository of one component of a tenant's project.
pub fn repository(tenant: &TenantId, component: &str) -> Result<Repository> {
    Ok(Repository::of(tenant, &ProjectName::parse("shop")?, &ComponentName::parse(component)?))
}

/// The waiting program, and a file that makes the layer another each time.
fn layer() -> Result<Vec<u8>> {
    let mut layer = tar::Builder::new(Vec::new());
    let unique = ulid::Ulid::new().to_string();
    let program = std::fs::read(WAITS).with_context(|| format!("{WAITS} cannot be read"))?;
    for (place, content, mode) in
        [("usr/bin/catatonit", program.as_slice(), 0o755), ("unique", unique.as_bytes(), 0o644)]
    {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len().try_into()?);
        header.set_mode(mode);
        layer.append_data(&mut header, place, content)?;
    }
    Ok(layer.into_inner()?)
}

fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().fold("sha256:".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}
