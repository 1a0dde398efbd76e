//! Connections: HTTP/1 and, where a client begins so, HTTP/2.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, Request, Response, StatusCode, Version, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use super::reception::Reception;
use super::socket::{Presence, Socket};
use crate::answer::Body;

/// A head has a few hundred bytes; what is larger than this is refused.
const LARGEST_HEAD: usize = 32 * 1024;
const HEAD_LIMIT: Duration = Duration::from_secs(10);
/// So many bytes of a body may come before anybody reads it.
const WINDOW: u32 = 64 * 1024;
const STREAMS: u32 = 250;
/// When there are no more file descriptors, some are given back soon.
const BREATH: Duration = Duration::from_millis(50);

/// Serves until `ended`, and then for as long as answers are under way, up to a limit.
pub async fn serve(
    listener: TcpListener,
    reception: Arc<Reception>,
    ended: impl Future<Output = ()>,
    last_answers: Duration,
) {
    let (builder, graceful) = (builder(), GracefulShutdown::new());
    tokio::pin!(ended);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => welcome(&builder, &graceful, stream, &reception),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(BREATH).await;
                }
            },
            () = &mut ended => break,
        }
    }
    drop(listener);
    if timeout(last_answers, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers were still under way at the end");
    }
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_LIMIT).max_buf_size(LARGEST_HEAD);
    builder
        .http2()
        .timer(TokioTimer::new())
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW * STREAMS)
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(u32::try_from(LARGEST_HEAD).unwrap_or(u32::MAX));
    builder
}

fn welcome(
    builder: &Builder<TokioExecutor>,
    graceful: &GracefulShutdown,
    stream: TcpStream,
    reception: &Arc<Reception>,
) {
    // What cannot be set only costs time.
    drop(stream.set_nodelay(true));
    let (socket, presence) = Socket::new(stream);
    let reception = Arc::clone(reception);
    let service = service_fn(move |request| answer(Arc::clone(&reception), request, presence.clone()));
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(socket), service).into_owned();
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection broke");
        }
    });
}

/// The gateway keeps no connection for the next request: that may be for an app which answers by itself by then, and a
/// connection that is closed just as it is used again would lose a request.
async fn answer(
    reception: Arc<Reception>,
    request: Request<Incoming>,
    presence: Presence,
) -> Result<Response<Body>, Infallible> {
    let is_http1 = request.version() < Version::HTTP_2;
    // Another request on the same HTTP/2 connection would be taken for its end.
    let presence = is_http1.then_some(presence);
    let mut response = reception.answer(request, presence).await;
    if is_http1 && response.status() != StatusCode::SWITCHING_PROTOCOLS {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}
