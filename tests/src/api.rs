//! The API as people and programs use it, with tokens of the platform's own issuer, or of forgers.

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use roost_domain::naming::TenantId;
use serde_json::{Value, json};

use crate::running_platform::variable;
use crate::until;

/// Somebody who uses the API.
#[derive(Clone)]
pub struct Api {
    client: Client,
    url: String,
    token: Option<String>,
}

/// What the API answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; null if it is none, or not JSON.
    pub body: Value,
}

/// Signs tokens as the platform's own issuer.
pub struct Issuer {
    key: EncodingKey,
    /// The published half of the key.
    pub public: Jwk,
    /// Its name in tokens.
    pub name: String,
}

impl Api {
    /// Somebody with that token.
    pub fn with_token(token: impl Into<String>) -> Result<Self> {
        Ok(Self { token: Some(token.into()), ..Self::nobody()? })
    }

    /// Somebody without a token.
    pub fn nobody() -> Result<Self> {
        let client = Client::builder().no_proxy().build()?;
        Ok(Self { client, url: variable("ROOST_API_URL")?, token: None })
    }

    /// A user who has signed in.
    pub fn of_user(user: &TenantId) -> Result<Self> {
        let issuer = Issuer::of_the_platform()?;
        Self::with_token(issuer.sign(&issuer.claims(user.as_str()))?)
    }

    /// The website itself.
    pub fn of_website() -> Result<Self> {
        let issuer = Issuer::of_the_platform()?;
        let mut claims = issuer.claims("website");
        claims["roost_role"] = json!("website");
        Self::with_token(issuer.sign(&claims)?)
    }

    /// A request, to be completed and sent.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Reads something.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        answer(self.request(Method::GET, path)).await
    }

    /// Reads something that is there.
    pub async fn read(&self, path: &str) -> Result<Value> {
        self.get(path).await?.expect(StatusCode::OK)
    }

    /// Asks for something.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        answer(self.request(Method::POST, path).json(body)).await
    }

    /// Sets something.
    pub async fn put(&self, path: &str, body: &Value) -> Result<Answer> {
        answer(self.request(Method::PUT, path).json(body)).await
    }

    /// Takes something away.
    pub async fn delete(&self, path: &str) -> Result<Answer> {
        answer(self.request(Method::DELETE, path)).await
    }

    /// Follows an operation to its end; answers with how it was then.
    pub async fn follow(&self, begun: &Answer) -> Result<Value> {
        ensure!(begun.status == StatusCode::ACCEPTED, "{begun:?}");
        let place = begun.location()?;
        until::some_within(until::PATIENCE * 4, &format!("the end of {place}"), || async {
            let operation = self.read(&place).await?;
            Ok((operation["state"] != "running").then_some(operation))
        })
        .await
    }
}

/// Sends a request.
pub async fn answer(request: RequestBuilder) -> Result<Answer> {
    let answer = request.send().await?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = serde_json::from_slice(&answer.bytes().await?).unwrap_or(Value::Null);
    Ok(Answer { status, headers, body })
}

impl Answer {
    /// The body of an answer with that status.
    pub fn expect(self, status: StatusCode) -> Result<Value> {
        ensure!(self.status == status, "{} in place of {status}: {}", self.status, self.body);
        Ok(self.body)
    }

    /// Where what was made, or begun, is.
    pub fn location(&self) -> Result<String> {
        Ok(self.header("location").context("the answer names no place")?.to_owned())
    }

    /// One header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether it is a problem of that status, whole and with a remedy.
    #[must_use]
    pub fn is_problem(&self, status: u16) -> bool {
        let is_problem = self.header("content-type") == Some("application/problem+json");
        let says = |field: &str| self.body[field].as_str().is_some_and(|text| !text.is_empty());
        is_problem
            && self.status.as_u16() == status
            && self.body["status"] == status
            && ["type", "title", "detail", "remedy"].into_iter().all(says)
    }
}

impl Issuer {
    /// The platform's.
    pub fn of_the_platform() -> Result<Self> {
        Self::with_key(&std::fs::read(variable("ROOST_OIDC_KEY_FILE")?)?)
    }

    /// One with a key of its own, in PEM.
    pub fn with_key(pem: &[u8]) -> Result<Self> {
        let key = EncodingKey::from_ec_pem(pem)?;
        let public = Jwk::from_encoding_key(&key, Algorithm::ES256)?;
        let name = public.thumbprint(ThumbprintHash::SHA256)?;
        Ok(Self { key, public, name })
    }

    /// What a good token says of a user.
    #[must_use]
    pub fn claims(&self, subject: &str) -> Value {
        let issuer = variable("ROOST_OIDC_ISSUER").unwrap_or_default();
        json!({"iss": issuer, "aud": "roost", "sub": subject, "exp": Timestamp::now().as_second() + 600})
    }

    /// A token that says so.
    pub fn sign(&self, claims: &Value) -> Result<String> {
        self.sign_as(&self.name, claims)
    }

    /// The same, by a key of that name.
    pub fn sign_as(&self, name: &str, claims: &Value) -> Result<String> {
        let header = Header { kid: Some(name.to_owned()), ..Header::new(Algorithm::ES256) };
        Ok(jsonwebtoken::encode(&header, claims, &self.key)?)
    }
}
