//! Whoever has an answer already is told that it is still the same (<https://www.rfc-editor.org/rfc/rfc9110#section-13>).

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// Lambda sends no longer answers.
const LONGEST: usize = 6 * 1024 * 1024;
/// Of a digest, so many bytes tell two answers apart.
const MARK: usize = 16;

/// Marks answers to `GET`, and leaves out those that the caller has.
pub(crate) async fn with_etags(request: Request, next: Next) -> Response {
    let is_read = request.method() == Method::GET;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if !is_read || response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LONGEST).await else { return Problem::internal().into_response() };
    let tag = format!("\"{}\"", HEXLOWER.encode(&Sha256::digest(&body)[..MARK]));
    let is_known = is_known(known.as_ref(), &tag);
    if let Ok(tag) = HeaderValue::try_from(tag) {
        parts.headers.insert(header::ETAG, tag);
    }
    if is_known {
        without_content(&mut parts.headers);
        parts.status = StatusCode::NOT_MODIFIED;
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(body))
}

fn is_known(known: Option<&HeaderValue>, tag: &str) -> bool {
    let known = known.and_then(|known| known.to_str().ok()).unwrap_or_default();
    known.split(',').map(|one| one.trim().trim_start_matches("W/")).any(|one| one == tag || one == "*")
}

fn without_content(headers: &mut HeaderMap) {
    headers.remove(header::CONTENT_TYPE);
    headers.remove(header::CONTENT_LENGTH);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_answer_is_recognised_in_every_form() {
        let known = |text: &str| is_known(Some(&HeaderValue::from_str(text).unwrap()), "\"ab\"");
        assert!(known("\"ab\"") && known("W/\"ab\"") && known("\"x\", \"ab\"") && known("*"));
        assert!(!known("\"abc\"") && !known("ab") && !known(""));
        assert!(!is_known(None, "\"ab\""));
    }
}
