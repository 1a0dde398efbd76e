//! Handing a request on to a pod.

mod connect;
mod exchange;
mod headers;
mod relayed;
mod tunnel;

use http::{Method, Request, Response, StatusCode, Version, request};
use http_body_util::{Either, Empty};
use hyper::body::{Body as _, Bytes, Incoming};

pub use connect::{Connected, Unreachable, connect};
pub use headers::is_upgrade;
pub use relayed::Relayed;

use crate::session::Guest;
use exchange::{Broken, exchange};

/// What is sent to a pod: a client's body, or nothing once that was found to be empty.
type Outgoing = Either<Incoming, Empty<Bytes>>;

/// Why there is no answer.
#[derive(Debug)]
pub enum Unanswered {
    /// No pod took the request.
    Unreachable(Unreachable),
    /// A pod took it, and did not answer.
    Broken(hyper::Error),
}

/// Sends a request along a connection, and along another one as long as nothing of it has been sent. What was sent is
/// never sent again, unless it asks for nothing but to read, and has no body.
pub async fn forward<Connecting>(
    connected: Connected,
    request: Request<Incoming>,
    reconnect: impl Fn() -> Connecting,
) -> Result<Response<crate::answer::Body>, Unanswered>
where
    Connecting: Future<Output = Result<Connected, Unreachable>>,
{
    let wants_upgrade = headers::upgrade_of(request.headers()).is_some();
    let (mut connected, mut request) = (connected, request.map(Either::Left));
    let client = wants_upgrade.then(|| hyper::upgrade::on(&mut request));
    loop {
        let spare = spare_of(&request);
        let Connected { guest, turn, stream, endpoint } = connected;
        match exchange(stream, endpoint, request).await {
            Ok(response) => {
                turn.answered();
                return Ok(answered(response, client, guest));
            }
            Err(Broken { unsent, error }) => {
                request = unsent.or(spare).ok_or(Unanswered::Broken(error))?;
                drop((guest, turn));
                connected = reconnect().await.map_err(Unanswered::Unreachable)?;
            }
        }
    }
}

/// A copy of a request that may be sent twice.
fn spare_of(request: &Request<Outgoing>) -> Option<Request<Outgoing>> {
    let (method, body) = (request.method(), request.body());
    let may_be_repeated = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) && body.is_end_stream();
    may_be_repeated.then(|| {
        let (mut parts, ()) = Request::new(()).into_parts();
        request.method().clone_into(&mut parts.method);
        request.uri().clone_into(&mut parts.uri);
        request.headers().clone_into(&mut parts.headers);
        Request::from_parts(with_version(parts, request.version()), Either::Right(Empty::new()))
    })
}

fn with_version(mut parts: request::Parts, version: Version) -> request::Parts {
    parts.version = version;
    parts
}

fn answered(
    mut response: Response<Incoming>,
    client: Option<hyper::upgrade::OnUpgrade>,
    guest: Guest,
) -> Response<crate::answer::Body> {
    let is_upgrade = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    headers::clean_response(&mut response, is_upgrade);
    match client.filter(|_| is_upgrade) {
        Some(client) => {
            tokio::spawn(tunnel::join(client, hyper::upgrade::on(&mut response), guest));
            response.map(|_| Either::Left(http_body_util::Full::default()))
        }
        None => response.map(|body| Either::Right(Relayed::new(body, guest))),
    }
}
