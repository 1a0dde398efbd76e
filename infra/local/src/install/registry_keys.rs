//! The keys of the cluster's registry: they sign tokens and make the tenants' passwords.

use std::fs::File;
use std::io::Read;

use anyhow::Context;
use data_encoding::BASE64;
use rcgen::{CertificateParams, DnType, KeyPair};
use roost_registry::signing_key::SigningKey;
use secrecy::SecretString;
use serde_json::Value;

use super::kubectl::{apply, call};
use crate::instance::Instance;
use crate::template::fill;

const SECRET: &str = include_str!("../../config/registry-keys.yaml");
const NAME: &str = "roost-registry-keys";
const NAMESPACE: &str = "--namespace=roost-system";
const PULL_KEY_BYTES: usize = 32;

/// Both keys, as text.
pub(super) struct RegistryKeys {
    pub(super) signing: String,
    pub(super) pull: String,
}

/// Makes the Secret that the chart needs; a cluster that has one keeps it.
pub(super) async fn install(instance: &Instance) -> anyhow::Result<()> {
    let found = call(instance, &["get", "secret", NAME, NAMESPACE, "--ignore-not-found", "--output=name"]).await?;
    if !found.trim().is_empty() {
        return Ok(());
    }
    let (signing_key, certificate) = signing_key()?;
    let files = [("key", signing_key), ("certificate", certificate), ("pullKey", pull_key()?)];
    let files = files.map(|(name, text)| (name, BASE64.encode(text.as_bytes())));
    let manifest = fill(SECRET, &files.each_ref().map(|(name, text)| (*name, text.as_str())))?;
    apply(instance, "registry-keys.yaml", &manifest).await
}

/// The keys that the cluster has.
pub(super) async fn read(instance: &Instance) -> anyhow::Result<RegistryKeys> {
    let secret = call(instance, &["get", "secret", NAME, NAMESPACE, "--output=json"]).await?;
    let secret: Value = serde_json::from_str(&secret)?;
    let file = |name: &str| {
        let encoded = secret["data"][name].as_str().with_context(|| format!("the Secret {NAME} has no {name}"))?;
        anyhow::Ok(String::from_utf8(BASE64.decode(encoded.as_bytes())?)?)
    };
    Ok(RegistryKeys { signing: file("signing.key")?, pull: file("pull.key")? })
}

/// A key and its certificate, in PEM. One key in 128 is none that tokens can be signed with.
fn signing_key() -> anyhow::Result<(String, String)> {
    loop {
        let key = KeyPair::generate()?;
        if SigningKey::from_pem(&SecretString::from(key.serialize_pem())).is_ok() {
            let mut parameters = CertificateParams::default();
            parameters.distinguished_name.push(DnType::CommonName, "roost-registry");
            return Ok((key.serialize_pem(), parameters.self_signed(&key)?.pem()));
        }
    }
}

fn pull_key() -> anyhow::Result<String> {
    let mut bytes = [0; PULL_KEY_BYTES];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(BASE64.encode(&bytes))
}
