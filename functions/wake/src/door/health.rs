//! Where the cluster asks how this process is, and the sweep what it has to do with an app: on a port of its own, as every
//! path of the other belongs to apps.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::host_table::AppId;
use crate::metrics::Levels;
use crate::places::Places;
use crate::session::Sessions;

/// What is asked about.
#[derive(Clone)]
pub struct Asked {
    /// The apps that somebody asks for.
    pub sessions: Arc<Sessions>,
    /// Where requests wait.
    pub places: Arc<Places>,
    /// Whether all apps are known.
    pub is_ready: Arc<AtomicBool>,
}

/// Answers `/healthz`, `/readyz` as soon as all apps are known, `/metrics`, and `/apps/<namespace>/<name>`.
pub async fn health(listener: TcpListener, asked: Asked) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let asked = asked.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let (status, text) = asked.about(request.uri().path());
            let mut response = Response::new(Full::<Bytes>::from(text));
            *response.status_mut() = status;
            std::future::ready(Ok::<_, Infallible>(response))
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

impl Asked {
    fn about(&self, path: &str) -> (StatusCode, String) {
        if let Some((namespace, name)) = path.strip_prefix("/apps/").and_then(|app| app.split_once('/')) {
            return text(serde_json::to_string(&self.sessions.forwarding(&AppId::new(namespace, name))));
        }
        let status = match path {
            "/metrics" => return text(self.sessions.metrics.text(self.levels())),
            "/healthz" => StatusCode::OK,
            "/readyz" if self.is_ready.load(Ordering::Acquire) => StatusCode::OK,
            "/readyz" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::NOT_FOUND,
        };
        (status, status.canonical_reason().unwrap_or_default().to_owned())
    }

    fn levels(&self) -> Levels {
        let (sessions, apps) = (self.sessions.len(), self.sessions.hosts().len());
        Levels { held: self.places.taken().requests, sessions, apps }
    }
}

fn text<E: std::fmt::Display>(written: Result<String, E>) -> (StatusCode, String) {
    match written {
        Ok(text) => (StatusCode::OK, text),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}
