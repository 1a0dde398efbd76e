//! Credentials in the form of Docker's `config.json`, which kubelets and builders read.

use data_encoding::BASE64;
use roost_domain::image::RegistryName;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::pull_credential::PullCredential;
use crate::token::Token;

/// For the Secret of type `kubernetes.io/dockerconfigjson` that a tenant's pods name.
#[must_use]
pub fn for_pulling(registry: &RegistryName, credential: &PullCredential) -> SecretString {
    let both = format!("{}:{}", credential.user, credential.password.expose_secret());
    of(registry, &json!({"auth": BASE64.encode(both.as_bytes())}))
}

/// For a build: no name and no password, only the token, which ends by itself.
#[must_use]
pub fn for_pushing(registry: &RegistryName, token: &Token) -> SecretString {
    of(registry, &json!({"registrytoken": token.text.expose_secret()}))
}

fn of(registry: &RegistryName, entry: &serde_json::Value) -> SecretString {
    SecretString::from(json!({"auths": {registry.as_str(): entry}}).to_string())
}
