//! The signs by which requests are told apart: what a request's head says of whoever sends it.

use http::{HeaderMap, Request};
use roost_domain::visit::Signs;

use crate::forward::is_upgrade;

/// One of these says that nobody looks at the page yet.
const PURPOSES: [&str; 4] = ["sec-purpose", "purpose", "x-purpose", "x-moz"];

/// What the head of a request says.
pub fn signs<B>(request: &Request<B>) -> Signs<'_> {
    let headers = request.headers();
    Signs {
        method: request.method().as_str(),
        path: request.uri().path(),
        accept: text(headers, "accept"),
        fetch_mode: text(headers, "sec-fetch-mode"),
        purpose: PURPOSES.iter().find_map(|name| text(headers, name)),
        user_agent: text(headers, "user-agent"),
        is_upgrade: is_upgrade(headers),
    }
}

/// A header that is a text.
#[must_use]
pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
