//! What all pages are made with.

use std::sync::Arc;

use roost_client::{Client, LocalApi};
use roost_identity::{Expectation, Keys, SignIn, SignInError};
use secrecy::SecretString;

/// How the console is set up.
#[derive(Debug, Clone)]
pub struct ConsoleSettings {
    /// Where people find it, without a path: browsers send others away.
    pub url: String,
    /// Who signs people in.
    pub expectation: Expectation,
    /// Where archives are sent by browsers, such as `https://bucket.s3.eu-west-1.amazonaws.com`.
    pub storage: String,
}

/// What all pages are made with.
#[derive(Clone)]
pub struct Console(Arc<Parts>);

struct Parts {
    settings: ConsoleSettings,
    api: LocalApi,
    keys: Keys,
    sign_in: SignIn,
}

impl Console {
    /// A console of that API, with the keys by which the API knows who asks.
    pub fn new(settings: ConsoleSettings, api: LocalApi, keys: Keys) -> Result<Self, SignInError> {
        let returns_to = format!("{}/console/signed-in", settings.url);
        let sign_in = SignIn::new(settings.expectation.clone(), returns_to)?;
        Ok(Self(Arc::new(Parts { settings, api, keys, sign_in })))
    }

    /// Who signs people in.
    pub(crate) fn sign_in(&self) -> &SignIn {
        &self.0.sign_in
    }

    /// By which a session is known.
    pub(crate) fn keys(&self) -> &Keys {
        &self.0.keys
    }

    /// Where it is found.
    pub(crate) fn url(&self) -> &str {
        &self.0.settings.url
    }

    /// Where archives are sent.
    pub(crate) fn storage(&self) -> &str {
        &self.0.settings.storage
    }

    /// The API, asked as whoever bears that token.
    pub(crate) fn api(&self, token: SecretString) -> Client {
        Client::of_local_api(Arc::clone(&self.0.api), token)
    }
}
