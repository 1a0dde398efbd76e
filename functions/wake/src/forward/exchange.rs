//! One request and one answer along a connection.

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use super::{Outgoing, headers};
use crate::session::Endpoint;

/// A connection that ended without an answer.
pub(super) struct Broken {
    /// The request, if nothing of it was sent.
    pub(super) unsent: Option<Request<Outgoing>>,
    pub(super) error: hyper::Error,
}

pub(super) async fn exchange(
    stream: TcpStream,
    endpoint: Endpoint,
    mut request: Request<Outgoing>,
) -> Result<Response<Incoming>, Broken> {
    headers::prepare_request(&mut request, endpoint.is_http2);
    let io = TokioIo::new(stream);
    let sent = if endpoint.is_http2 {
        match http2::handshake(TokioExecutor::new(), io).await {
            Ok((mut sender, connection)) => {
                tokio::spawn(connection);
                sender.try_send_request(request).await
            }
            Err(error) => return Err(Broken { unsent: Some(request), error }),
        }
    } else {
        match http1::handshake(io).await {
            Ok((mut sender, connection)) => {
                tokio::spawn(connection.with_upgrades());
                sender.try_send_request(request).await
            }
            Err(error) => return Err(Broken { unsent: Some(request), error }),
        }
    };
    sent.map_err(broken)
}

fn broken(mut failed: TrySendError<Request<Outgoing>>) -> Broken {
    Broken { unsent: failed.take_message(), error: failed.into_error() }
}
