//! A proxy between a function and a service it calls, which can count, refuse, delay and cut calls.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;

const LARGEST_BODY: usize = 16 << 20;

/// What becomes of a call.
#[derive(Debug, Clone)]
pub enum Fate {
    /// It is carried out.
    Forwarded,
    /// It is carried out, and the caller never hears of it.
    Unanswered,
    /// It is not carried out, and answered with that status and body.
    Refused(u16, String),
    /// It is carried out after that time.
    Delayed(Duration),
}

/// One call, as a test sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// `POST`, `PATCH` and so on.
    pub method: String,
    /// The path with its query; of an AWS call the operation.
    pub target: String,
}

/// Decides what becomes of each call; it may do something itself before it answers.
pub type Decide = Arc<dyn Fn(Call) -> Pin<Box<dyn Future<Output = Fate> + Send>> + Send + Sync>;

/// A running proxy.
#[derive(Clone)]
pub struct FaultProxy {
    /// Where it listens: `http://127.0.0.1:…`.
    pub url: String,
    state: Arc<ProxyState>,
}

struct ProxyState {
    upstream: String,
    client: reqwest::Client,
    decide: Decide,
    after: Mutex<Option<Decide>>,
    calls: Mutex<Vec<Call>>,
}

impl FaultProxy {
    /// Starts a proxy for the service at `upstream`; with the authority that signed the service's certificate, in PEM,
    /// if it has one of its own.
    pub async fn start(upstream: &str, authority: Option<&str>, decide: Decide) -> Result<Self> {
        let client = reqwest::Client::builder();
        let client = match authority {
            Some(pem) => client.tls_certs_only([reqwest::Certificate::from_pem(pem.as_bytes())?]),
            None => client,
        };
        let state = Arc::new(ProxyState {
            upstream: upstream.trim_end_matches('/').to_owned(),
            client: client.build()?,
            decide,
            after: Mutex::default(),
            calls: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let routes = Router::new().fallback(pass).with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { url, state })
    }

    /// What is done after each call that was carried out, before the caller hears of it.
    pub fn after_each(&self, decide: Decide) {
        if let Ok(mut after) = self.state.after.lock() {
            *after = Some(decide);
        }
    }

    /// The calls so far.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.state.calls.lock().map(|calls| calls.clone()).unwrap_or_default()
    }
}

/// A decision that forwards everything.
#[must_use]
pub fn forward_all() -> Decide {
    Arc::new(|_| Box::pin(async { Fate::Forwarded }))
}

async fn pass(State(state): State<Arc<ProxyState>>, request: Request) -> Response {
    let call = describe(&request);
    if let Ok(mut calls) = state.calls.lock() {
        calls.push(call.clone());
    }
    match (state.decide)(call.clone()).await {
        Fate::Refused(status, body) => refuse(status, body),
        fate => {
            if let Fate::Delayed(delay) = fate {
                tokio::time::sleep(delay).await;
            }
            let answer = forward(&state, request).await.unwrap_or_else(|error| refuse(502, error.to_string()));
            let after = state.after.lock().ok().and_then(|after| after.clone());
            if let Some(after) = after {
                after(call).await;
            }
            if matches!(fate, Fate::Unanswered) { refuse(504, String::new()) } else { answer }
        }
    }
}

fn describe(request: &Request) -> Call {
    let operation = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    Call { method: request.method().to_string(), target: operation.unwrap_or(path).to_owned() }
}

fn refuse(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn forward(state: &ProxyState, request: Request) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_BODY).await?;
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("{}{path}", state.upstream);
    let sent = state.client.request(parts.method, url).headers(end_to_end(parts.headers)).body(body).send().await?;
    let (status, headers) = (sent.status(), end_to_end(sent.headers().clone()));
    let mut response = Response::new(Body::from(sent.bytes().await?));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}

/// The headers that are not about one connection only.
fn end_to_end(mut headers: HeaderMap) -> HeaderMap {
    for header in [header::HOST, header::CONNECTION, header::TRANSFER_ENCODING, header::CONTENT_LENGTH] {
        headers.remove(header);
    }
    headers
}
