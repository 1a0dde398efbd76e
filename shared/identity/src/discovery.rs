//! The issuer's keys, found as every issuer publishes them
//! (<https://openid.net/specs/openid-connect-discovery-1_0.html>).

use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::KeysError;
use crate::verification::KeySet;

/// Of one call; a request of a user waits for it.
const LIMIT: Duration = Duration::from_secs(5);
const LONGEST_DOCUMENT: usize = 256 * 1024;

#[derive(Deserialize)]
struct Description {
    issuer: String,
    jwks_uri: String,
}

/// A client for it.
pub(crate) fn client() -> Result<Client, KeysError> {
    let client = Client::builder().timeout(LIMIT).redirect(Policy::none()).no_proxy();
    client.build().map_err(|source| KeysError::Read { what: "anything", source })
}

/// The keys of an issuer, as it publishes them now.
pub(crate) async fn read_keys(client: &Client, issuer: &str) -> Result<KeySet, KeysError> {
    let place = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let description: Description = read(client, &place, "the description").await?;
    if description.issuer != issuer {
        return Err(KeysError::OtherIssuer(description.issuer));
    }
    if issuer.starts_with("https://") && !description.jwks_uri.starts_with("https://") {
        return Err(KeysError::Unsafe(description.jwks_uri));
    }
    read(client, &description.jwks_uri, "the keys").await
}

async fn read<T: DeserializeOwned>(client: &Client, place: &str, what: &'static str) -> Result<T, KeysError> {
    let failed = |source| KeysError::Read { what, source };
    let mut answer = client.get(place).send().await.and_then(reqwest::Response::error_for_status).map_err(failed)?;
    let mut document = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        document.extend_from_slice(&chunk);
        if document.len() > LONGEST_DOCUMENT {
            return Err(KeysError::TooLong(what));
        }
    }
    serde_json::from_slice(&document).map_err(|source| KeysError::Form { what, source })
}
