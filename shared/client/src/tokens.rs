//! Tokens for programs.

use jiff::Timestamp;
use roost_domain::naming::ProjectName;
use serde::{Deserialize, Serialize};

use crate::request::Request;
use crate::{Account, ClientError};

/// A token to make.
#[derive(Debug, Clone, Serialize)]
pub struct NewToken {
    /// What to call it.
    pub name: String,
    /// The one project it is for; absent for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<ProjectName>,
    /// How many days it is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
}

/// A token, without its secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Token {
    /// Its id; no secret.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// The one project it is for; absent for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is worth nothing.
    pub ends_at: Timestamp,
    /// When it was last used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
}

/// A token that has just been made. Its secret is shown this once.
#[derive(Clone, Serialize, Deserialize)]
pub struct CreatedToken {
    /// What may be known of it.
    #[serde(flatten)]
    pub token: Token,
    /// The token itself.
    pub secret: String,
}

impl std::fmt::Debug for CreatedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.token.fmt(f)
    }
}

impl Account {
    /// All tokens, the newest first.
    pub async fn tokens(&self) -> Result<Vec<Token>, ClientError> {
        self.client.list(&self.own(&["tokens"]), usize::MAX).await
    }

    /// Makes a token.
    pub async fn create_token(&self, new: &NewToken) -> Result<CreatedToken, ClientError> {
        // An answer that got lost would leave a token that nobody has.
        self.client.ask(Request::post(&self.own(&["tokens"]), new).only_once()).await
    }

    /// Takes a token back.
    pub async fn revoke_token(&self, id: &str) -> Result<(), ClientError> {
        self.client.ask(Request::delete(&self.own(&["tokens", id]))).await
    }
}
