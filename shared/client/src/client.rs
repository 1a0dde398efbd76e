//! Asks the API, again and again if need be.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use tokio::time::sleep;

use crate::account::{Account, User};
use crate::address::{Address, authorities};
use crate::pages::Listed;
use crate::request::{KEY_HEADER, Request, read, refusal, unreachable};
use crate::{ClientError, Patience};

const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// Longer than the API ever waits with an answer.
const CALL_LIMIT: Duration = Duration::from_secs(45);

/// Who asks whom.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// Where the API is.
    pub url: String,
    /// By what the API knows who asks.
    pub token: SecretString,
    /// A file with certificates to trust besides the system's, such as a local platform's.
    pub authority: Option<PathBuf>,
    /// How often something is asked.
    pub patience: Patience,
}

/// A client of the API.
#[derive(Debug, Clone)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    address: Address,
    token: SecretString,
    pub(crate) patience: Patience,
}

impl ClientSettings {
    /// A public API, with that token.
    pub fn new(url: impl Into<String>, token: impl Into<String>) -> Self {
        let (url, token) = (url.into(), SecretString::from(token.into()));
        Self { url, token, authority: None, patience: Patience::default() }
    }
}

impl Client {
    /// Prepares to ask; nothing is sent yet.
    pub fn new(settings: ClientSettings) -> Result<Self, ClientError> {
        let address = Address::parse(&settings.url)?;
        let trusted = settings.authority.as_deref().map(authorities).transpose()?.unwrap_or_default();
        let builder = reqwest::Client::builder().connect_timeout(CONNECT_LIMIT).redirect(Policy::none());
        let builder = address.reached_by(builder.tls_certs_merge(trusted));
        let http = builder.build().map_err(ClientError::Setup)?;
        Ok(Self { http, address, token: settings.token, patience: settings.patience })
    }

    /// Whoever the token stands for.
    pub async fn user(&self) -> Result<User, ClientError> {
        let users: Listed<User> = self.ask(Request::get(&["users"]).with("limit", Some(2))).await?;
        let [user] = <[User; 1]>::try_from(users.items).map_err(|_| ClientError::NoSingleUser)?;
        Ok(user)
    }

    /// What belongs to whoever the token stands for.
    pub async fn account(&self) -> Result<Account, ClientError> {
        let user = self.user().await?.id;
        Ok(self.account_of(user))
    }

    /// What belongs to a user whose id is known.
    pub fn account_of(&self, user: impl Into<String>) -> Account {
        Account::new(self.clone(), user.into())
    }

    /// Asks until there is an answer that will not change in a moment.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, request: Request) -> Result<T, ClientError> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let error = match self.ask_once(&request).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let pause = self.patience.pause_after(attempts, &error);
            match pause.filter(|_| request.is_repeatable || error.is_undone()) {
                Some(pause) => sleep(pause).await,
                None => return Err(error),
            }
        }
    }

    /// Asks once, for an answer that takes as long as it takes; it comes piece by piece.
    pub(crate) async fn open(&self, request: Request) -> Result<Response, ClientError> {
        let place = self.address.host();
        let answer = self.prepared(&request).send().await.map_err(|source| unreachable(place, source))?;
        if answer.status().is_success() { Ok(answer) } else { Err(refusal(answer, place).await) }
    }

    /// Whom is asked.
    pub(crate) fn place(&self) -> &str {
        self.address.host()
    }

    async fn ask_once<T: DeserializeOwned>(&self, request: &Request) -> Result<T, ClientError> {
        let place = self.address.host();
        let answer = self.prepared(request).timeout(CALL_LIMIT).send().await;
        read(answer.map_err(|source| unreachable(place, source))?, place).await
    }

    fn prepared(&self, request: &Request) -> RequestBuilder {
        let path: Vec<_> = request.path.iter().map(String::as_str).collect();
        let mut builder = self.http.request(request.method.clone(), self.address.of(&path));
        builder = builder.bearer_auth(self.token.expose_secret()).query(&request.query);
        if let Some(key) = &request.key {
            builder = builder.header(KEY_HEADER, key);
        }
        if let Some(body) = &request.body {
            builder = builder.json(body);
        }
        builder
    }
}
