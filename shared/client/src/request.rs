//! One thing to ask the API, and how its answer is read.

use std::time::Duration;

use reqwest::header::{self, HeaderMap};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ulid::Ulid;

use crate::way::Answer;
use crate::{ClientError, Problem};

/// Names a request, so that it is carried out once however often it comes.
pub(crate) const KEY_HEADER: &str = "idempotency-key";

/// One thing to ask.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Below `/api`, unescaped.
    pub(crate) path: Vec<String>,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: Option<Value>,
    pub(crate) key: Option<String>,
    /// Whether it does no harm to be carried out twice.
    pub(crate) is_repeatable: bool,
}

impl Request {
    fn new(method: Method, path: &[&str]) -> Self {
        let path = path.iter().map(ToString::to_string).collect();
        Self { method, path, query: Vec::new(), body: None, key: None, is_repeatable: true }
    }

    pub(crate) fn get(path: &[&str]) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn put(path: &[&str], body: &impl Serialize) -> Self {
        Self { body: Some(json(body)), ..Self::new(Method::PUT, path) }
    }

    pub(crate) fn delete(path: &[&str]) -> Self {
        Self { key: Some(Ulid::new().to_string()), ..Self::new(Method::DELETE, path) }
    }

    /// With a key, by which the platform knows a repetition.
    pub(crate) fn post(path: &[&str], body: &impl Serialize) -> Self {
        let key = Some(Ulid::new().to_string());
        Self { body: Some(json(body)), key, ..Self::new(Method::POST, path) }
    }

    /// It is asked again only if it is certain that nothing was done.
    pub(crate) fn only_once(self) -> Self {
        Self { is_repeatable: false, ..self }
    }

    pub(crate) fn with(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        self.query.extend(value.map(|value| (name, value.to_string())));
        self
    }
}

fn json(body: &impl Serialize) -> Value {
    serde_json::to_value(body).unwrap_or_default()
}

/// What an answer says, or the problem it names.
pub(crate) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, ClientError> {
    if !answer.status.is_success() {
        return Err(refusal(answer));
    }
    let body = if answer.status == StatusCode::NO_CONTENT { b"null" } else { &answer.body[..] };
    serde_json::from_slice(body).map_err(ClientError::Unreadable)
}

/// The problem that an answer names.
pub(crate) fn refusal(answer: &Answer) -> ClientError {
    let problem = Problem::of(answer.status, &answer.body, retry_after(&answer.headers));
    ClientError::Refused(Box::new(problem))
}

/// In seconds; the other form, a date, the platform does not use.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}
