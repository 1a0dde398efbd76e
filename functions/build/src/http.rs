//! Requests to presigned URLs. Errors never name the URL: whoever has it may use it.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response, StatusCode};
use roost_domain::build::SignedUrl;
use tokio::time::sleep;

const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// Without a byte for so long a connection is dead.
const READ_LIMIT: Duration = Duration::from_secs(30);
const PAUSES: [Duration; 3] = [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(3)];

/// Why a request did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// No answer, or half of one.
    #[error("no answer from the storage: {0}")]
    Connection(#[source] reqwest::Error),
    /// The storage refused.
    #[error("the storage answers {0}")]
    Refused(StatusCode),
}

impl HttpError {
    fn passes(&self) -> bool {
        match self {
            Self::Connection(_) => true,
            Self::Refused(status) => status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS,
        }
    }
}

impl From<reqwest::Error> for HttpError {
    fn from(error: reqwest::Error) -> Self {
        Self::Connection(error.without_url())
    }
}

/// A client without a proxy of its own mind and with limits.
pub fn client() -> Result<Client, HttpError> {
    Ok(Client::builder().connect_timeout(CONNECT_LIMIT).read_timeout(READ_LIMIT).build()?)
}

/// Begins to read what is behind a URL.
pub(crate) async fn get(client: &Client, url: &SignedUrl) -> Result<Response, HttpError> {
    let mut pauses = PAUSES.iter();
    loop {
        match sent(client.get(url.expose())).await {
            Err(error) if error.passes() => match pauses.next() {
                Some(pause) => sleep(*pause).await,
                None => return Err(error),
            },
            result => return result,
        }
    }
}

/// Puts something behind a URL.
/// The media type is a part of what was signed.
pub(crate) async fn put(client: &Client, url: &SignedUrl, media_type: &str, content: Vec<u8>) -> Result<(), HttpError> {
    let mut pauses = PAUSES.iter();
    loop {
        match sent(client.put(url.expose()).header(CONTENT_TYPE, media_type).body(content.clone())).await {
            Err(error) if error.passes() => match pauses.next() {
                Some(pause) => sleep(*pause).await,
                None => return Err(error),
            },
            result => return result.map(drop),
        }
    }
}

async fn sent(request: reqwest::RequestBuilder) -> Result<Response, HttpError> {
    let response = request.send().await?;
    if response.status().is_success() { Ok(response) } else { Err(HttpError::Refused(response.status())) }
}
