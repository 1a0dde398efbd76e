//! Short answers for programs (<https://www.rfc-editor.org/rfc/rfc9457>).

use http::{Response, StatusCode};
use serde_json::json;

use super::{Body, come_back_after, text};

const MEDIA_TYPE: &str = "application/problem+json";

/// There is no answer now, for this reason; seconds after which to come back.
#[must_use]
pub fn problem(detail: &str, retry_after: u64) -> Response<Body> {
    come_back_after(short(StatusCode::SERVICE_UNAVAILABLE, detail), retry_after)
}

/// There is nothing at this address.
#[must_use]
pub fn nothing_there(detail: &str) -> Response<Body> {
    short(StatusCode::NOT_FOUND, detail)
}

/// An answer in a sentence.
#[must_use]
pub fn short(status: StatusCode, detail: &str) -> Response<Body> {
    let title = status.canonical_reason().unwrap_or_default();
    let body = json!({"title": title, "status": status.as_u16(), "detail": detail});
    text(status, MEDIA_TYPE, body.to_string())
}
