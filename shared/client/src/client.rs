//! Asks the API, again and again if need be.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::Response;
use reqwest::redirect::Policy;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use tokio::time::sleep;

use crate::account::{Account, User};
use crate::address::{Address, authorities};
use crate::pages::Listed;
use crate::request::{Request, read};
use crate::way::{LocalApi, Way};
use crate::{ClientError, Patience};

const CONNECT_LIMIT: Duration = Duration::from_secs(10);

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
#[derive(Clone)]
pub struct Client {
    way: Way,
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

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("patience", &self.patience).finish_non_exhaustive()
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
        Ok(Self { way: Way::Network { http, address }, token: settings.token, patience: settings.patience })
    }

    /// A client of an API in the same process, which is asked once for each thing: who asks it can ask again.
    #[must_use]
    pub fn of_local_api(api: LocalApi, token: SecretString) -> Self {
        let patience = Patience { attempts: 1, ..Patience::default() };
        Self { way: Way::Local(api), token, patience }
    }

    /// What archives are sent with.
    pub(crate) fn http(&self) -> Result<&reqwest::Client, ClientError> {
        match &self.way {
            Way::Network { http, .. } => Ok(http),
            Way::Local(_) => Err(ClientError::NoNetwork),
        }
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
        self.way.open(&request, &self.token).await
    }

    /// Whom is asked.
    pub(crate) fn place(&self) -> &str {
        self.way.place()
    }

    async fn ask_once<T: DeserializeOwned>(&self, request: &Request) -> Result<T, ClientError> {
        read(&self.way.ask(request, &self.token).await?)
    }
}
