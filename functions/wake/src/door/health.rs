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
use crate::session::Sessions;

/// Answers `/healthz`, `/readyz` as soon as all apps are known, and `/apps/<namespace>/<name>`.
pub async fn health(listener: TcpListener, sessions: Arc<Sessions>, is_ready: Arc<AtomicBool>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let (sessions, is_ready) = (Arc::clone(&sessions), Arc::clone(&is_ready));
        let service = service_fn(move |request: Request<Incoming>| {
            let (status, text) = look(request.uri().path(), &sessions, &is_ready);
            let mut response = Response::new(Full::<Bytes>::from(text));
            *response.status_mut() = status;
            std::future::ready(Ok::<_, Infallible>(response))
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

fn look(path: &str, sessions: &Sessions, is_ready: &AtomicBool) -> (StatusCode, String) {
    let named = path.strip_prefix("/apps/").and_then(|app| app.split_once('/'));
    if let Some((namespace, name)) = named {
        let forwarding = sessions.forwarding(&AppId::new(namespace, name));
        return match serde_json::to_string(&forwarding) {
            Ok(text) => (StatusCode::OK, text),
            Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        };
    }
    let status = match path {
        "/healthz" => StatusCode::OK,
        "/readyz" if is_ready.load(Ordering::Acquire) => StatusCode::OK,
        "/readyz" => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::NOT_FOUND,
    };
    (status, status.canonical_reason().unwrap_or_default().to_owned())
}
