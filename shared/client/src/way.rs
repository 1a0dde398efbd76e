//! The way to the API: over the network, or into the router of the same process.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Body, RequestBuilder, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};

use crate::ClientError;
use crate::address::Address;
use crate::request::{KEY_HEADER, Request, refusal};

/// Longer than the API ever waits with an answer.
const CALL_LIMIT: Duration = Duration::from_secs(45);

/// What an API in the same process answers.
pub type LocalAnswer = Pin<Box<dyn Future<Output = http::Response<Body>> + Send>>;
/// An API in the same process.
pub type LocalApi = Arc<dyn Fn(http::Request<Vec<u8>>) -> LocalAnswer + Send + Sync>;

/// The way to the API.
#[derive(Clone)]
pub(crate) enum Way {
    /// Over the network.
    Network { http: reqwest::Client, address: Address },
    /// Within the process.
    Local(LocalApi),
}

/// What the API answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Way {
    /// Asks once.
    pub(crate) async fn ask(&self, request: &Request, token: &SecretString) -> Result<Answer, ClientError> {
        let answer = match self {
            Self::Network { http, address } => {
                send(prepared(http, address, request, token)?.timeout(CALL_LIMIT), address).await?
            }
            Self::Local(api) => within(api, request, token).await?,
        };
        self.whole(answer).await
    }

    /// Asks once, for an answer that comes piece by piece, and takes as long as it takes.
    pub(crate) async fn open(&self, request: &Request, token: &SecretString) -> Result<Response, ClientError> {
        let answer = match self {
            Self::Network { http, address } => send(prepared(http, address, request, token)?, address).await?,
            Self::Local(api) => within(api, request, token).await?,
        };
        if answer.status().is_success() { Ok(answer) } else { Err(refusal(&self.whole(answer).await?)) }
    }

    /// Whom is asked.
    pub(crate) fn place(&self) -> &str {
        match self {
            Self::Network { address, .. } => address.host(),
            Self::Local(_) => "this process",
        }
    }

    async fn whole(&self, answer: Response) -> Result<Answer, ClientError> {
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await.map_err(|source| unreachable(self.place(), source))?;
        Ok(Answer { status, headers, body: body.to_vec() })
    }
}

fn prepared(
    http: &reqwest::Client,
    address: &Address,
    request: &Request,
    token: &SecretString,
) -> Result<RequestBuilder, ClientError> {
    let builder = http.request(request.method.clone(), place(address, request));
    Ok(builder.headers(headers(request, token)?).body(content(request)))
}

async fn send(prepared: RequestBuilder, address: &Address) -> Result<Response, ClientError> {
    prepared.send().await.map_err(|source| unreachable(address.host(), source))
}

async fn within(api: &LocalApi, request: &Request, token: &SecretString) -> Result<Response, ClientError> {
    let place = place(&Address::of_this_process()?, request);
    let place = place.as_str().trim_start_matches(place.origin().ascii_serialization().as_str());
    let asked = http::Request::builder().method(request.method.clone()).uri(place).body(content(request));
    let mut asked = asked.map_err(|_| ClientError::Address(place.to_owned()))?;
    *asked.headers_mut() = headers(request, token)?;
    Ok(Response::from(api(asked).await))
}

fn place(address: &Address, request: &Request) -> Url {
    let path: Vec<_> = request.path.iter().map(String::as_str).collect();
    let mut place = address.of(&path);
    if !request.query.is_empty() {
        place.query_pairs_mut().extend_pairs(&request.query);
    }
    place
}

fn headers(request: &Request, token: &SecretString) -> Result<HeaderMap, ClientError> {
    let mut bearer =
        HeaderValue::try_from(format!("Bearer {}", token.expose_secret())).map_err(|_| ClientError::UnusableToken)?;
    bearer.set_sensitive(true);
    let mut headers = HeaderMap::from_iter([(AUTHORIZATION, bearer)]);
    if let Some(key) = request.key.as_deref().and_then(|key| HeaderValue::from_str(key).ok()) {
        headers.insert(KEY_HEADER, key);
    }
    if request.body.is_some() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    Ok(headers)
}

fn content(request: &Request) -> Vec<u8> {
    request.body.as_ref().map(|body| body.to_string().into_bytes()).unwrap_or_default()
}

pub(crate) fn unreachable(place: &str, source: reqwest::Error) -> ClientError {
    ClientError::Unreachable { place: place.to_owned(), source: source.without_url() }
}
