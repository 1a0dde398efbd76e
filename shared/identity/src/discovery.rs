//! What an issuer says of itself and of its keys, found as every issuer publishes it
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

/// What an issuer publishes of itself.
#[derive(Deserialize)]
pub(crate) struct Description {
    issuer: String,
    jwks_uri: String,
    /// Where people sign in; an issuer for programs alone has none.
    #[serde(default)]
    pub(crate) authorization_endpoint: Option<String>,
    /// Where a code is exchanged for a token.
    #[serde(default)]
    pub(crate) token_endpoint: Option<String>,
}

/// A client for it.
pub(crate) fn client() -> Result<Client, KeysError> {
    let client = Client::builder().timeout(LIMIT).redirect(Policy::none()).no_proxy();
    client.build().map_err(|source| KeysError::Read { what: "anything", source })
}

/// The keys of an issuer, as it publishes them now.
pub(crate) async fn read_keys(client: &Client, issuer: &str) -> Result<KeySet, KeysError> {
    let description = describe(client, issuer).await?;
    read(client, &description.jwks_uri, "the keys").await
}

/// What an issuer says of itself, if it can be believed.
pub(crate) async fn describe(client: &Client, issuer: &str) -> Result<Description, KeysError> {
    let place = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let description: Description = read(client, &place, "the description").await?;
    if description.issuer != issuer {
        return Err(KeysError::OtherIssuer(description.issuer));
    }
    if let Some(place) = description.places().find(|place| is_less_safe(place, issuer)) {
        return Err(KeysError::Unsafe(place.clone()));
    }
    Ok(description)
}

/// Whether anybody could change what comes from there.
fn is_less_safe(place: &str, issuer: &str) -> bool {
    issuer.starts_with("https://") && !place.starts_with("https://")
}

impl Description {
    fn places(&self) -> impl Iterator<Item = &String> {
        let signing_in = self.authorization_endpoint.iter().chain(&self.token_endpoint);
        signing_in.chain([&self.jwks_uri])
    }
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
