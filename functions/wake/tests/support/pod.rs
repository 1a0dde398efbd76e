//! A pod: a server that says what it got, by HTTP/1 and HTTP/2, and that changes to a protocol which repeats all bytes.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use data_encoding::HEXLOWER;
use http::header::{CONNECTION, UPGRADE};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{copy, split};
use tokio::net::TcpListener;
use tokio::time::sleep;

/// A running pod.
#[derive(Clone)]
pub struct Pod {
    pub address: SocketAddr,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    requests: AtomicU64,
    at_once: AtomicU64,
    most_at_once: AtomicU64,
}

impl Pod {
    /// A pod that takes a moment for each answer.
    pub async fn start(moment: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let pod = Self { address: listener.local_addr().unwrap(), seen: Arc::default() };
        let seen = Arc::clone(&pod.seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                drop(stream.set_nodelay(true));
                let seen = Arc::clone(&seen);
                let service = service_fn(move |request| answer(Arc::clone(&seen), request, moment));
                tokio::spawn(async move {
                    let builder = Builder::new(TokioExecutor::new());
                    drop(builder.serve_connection_with_upgrades(TokioIo::new(stream), service).await);
                });
            }
        });
        pod
    }

    /// How many requests it got.
    pub fn requests(&self) -> u64 {
        self.seen.requests.load(Ordering::Relaxed)
    }

    /// How many requests it had at the same time.
    pub fn most_at_once(&self) -> u64 {
        self.seen.most_at_once.load(Ordering::Relaxed)
    }
}

async fn answer(
    seen: Arc<Seen>,
    mut request: Request<Incoming>,
    moment: Duration,
) -> Result<Response<Full<Bytes>>, Infallible> {
    seen.requests.fetch_add(1, Ordering::Relaxed);
    if request.headers().contains_key(UPGRADE) {
        tokio::spawn(repeat(hyper::upgrade::on(&mut request)));
        let response = Response::builder().status(StatusCode::SWITCHING_PROTOCOLS);
        let response = response.header(CONNECTION, "upgrade").header(UPGRADE, "repeat");
        return Ok(response.body(Full::default()).unwrap());
    }
    let now = seen.at_once.fetch_add(1, Ordering::Relaxed) + 1;
    seen.most_at_once.fetch_max(now, Ordering::Relaxed);
    let (parts, mut body) = request.into_parts();
    let (mut digest, mut bytes) = (Sha256::new(), 0);
    while let Some(Ok(frame)) = body.frame().await {
        if let Some(data) = frame.data_ref() {
            digest.update(data);
            bytes += data.len();
        }
    }
    sleep(moment).await;
    seen.at_once.fetch_sub(1, Ordering::Relaxed);
    let said = json!({
        "method": parts.method.as_str(),
        "path": parts.uri.path_and_query().map(ToString::to_string),
        "version": format!("{:?}", parts.version),
        "headers": headers(&parts.headers),
        "bytes": bytes,
        "sha256": HEXLOWER.encode(&digest.finalize()),
    });
    let response = Response::builder().header("x-app", "yes").body(Full::from(said.to_string()));
    Ok(response.unwrap())
}

async fn repeat(upgrade: hyper::upgrade::OnUpgrade) {
    if let Ok(upgraded) = upgrade.await {
        let (mut from, mut to) = split(TokioIo::new(upgraded));
        drop(copy(&mut from, &mut to).await);
    }
}

fn headers(headers: &HeaderMap) -> Value {
    headers.iter().map(|(name, value)| (name.to_string(), json!(value.to_str().unwrap_or_default()))).collect()
}
