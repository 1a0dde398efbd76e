//! The server: one address for tokens, one for its health.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use roost_registry::token::{SERVICE, Token};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::issue::{Issuer, LIFETIME, Refusal};
use crate::request::TokenRequest;

/// A form has a few hundred bytes.
const LARGEST_FORM: usize = 16 * 1024;

pub(crate) fn router(issuer: Issuer) -> Router {
    Router::new()
        .route("/token", get(asked).post(posted))
        .route("/healthz", get(|| async { "ok" }))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .with_state(Arc::new(issuer))
}

async fn asked(State(issuer): State<Arc<Issuer>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    // A header that is no text is like one that cannot be read.
    let authorization = headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
    let request = TokenRequest::from_query(&query.unwrap_or_default(), authorization);
    answer(&issuer, request.map_err(Refusal::from))
}

async fn posted(State(issuer): State<Arc<Issuer>>, form: Bytes) -> Response {
    answer(&issuer, TokenRequest::from_form(&form).map_err(Refusal::from))
}

fn answer(issuer: &Issuer, request: Result<TokenRequest, Refusal>) -> Response {
    let now = Timestamp::now();
    let mut response = match request.and_then(|request| issuer.issue(&request, now)) {
        Ok(token) => issued(&token, now),
        Err(refusal) => refused(&refusal),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Docker reads `token`, OAuth has `access_token`.
fn issued(token: &Token, now: Timestamp) -> Response {
    let text = token.text.expose_secret();
    let lifetime = LIFETIME.as_secs();
    let issued_at = now.to_string();
    let body = json!({"token": text, "access_token": text, "expires_in": lifetime, "issued_at": issued_at});
    json(StatusCode::OK, &body)
}

fn refused(refusal: &Refusal) -> Response {
    let (status, code) = match refusal {
        Refusal::Credential => (StatusCode::UNAUTHORIZED, "UNAUTHORIZED"),
        Refusal::Request(_) | Refusal::Service(_) | Refusal::Scope(_) => (StatusCode::BAD_REQUEST, "UNSUPPORTED"),
        Refusal::Token(_) => (StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN"),
    };
    let body = json!({"errors": [{"code": code, "message": refusal.to_string()}]});
    let mut response = json(status, &body);
    if let (StatusCode::UNAUTHORIZED, Ok(challenge)) = (status, format!("Basic realm=\"{SERVICE}\"").parse()) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

fn json(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use serde_json::Value;
    use tower::ServiceExt;

    use super::*;
    use crate::issue::tests::{issuer, sign_in};

    async fn send(issuer: Issuer, request: Request<Body>) -> (StatusCode, HeaderMap, Value) {
        let response = router(issuer).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 64 * 1024).await.unwrap();
        (parts.status, parts.headers, serde_json::from_slice(&body).unwrap_or_default())
    }

    #[tokio::test]
    async fn a_token_is_answered_as_docker_and_oauth_read_it() {
        let issuer = issuer();
        let (header, _) = sign_in(&issuer, "alice");
        let request = Request::get("/token?service=roost-registry").header("authorization", header);
        let (status, headers, body) = send(issuer, request.body(Body::empty()).unwrap()).await;
        assert_eq!((status, &headers["cache-control"]), (StatusCode::OK, &HeaderValue::from_static("no-store")));
        assert_eq!(body["token"], body["access_token"]);
        assert_eq!(body["expires_in"], 300);
        assert!(body["issued_at"].as_str().unwrap().parse::<Timestamp>().is_ok());
    }

    #[tokio::test]
    async fn whoever_does_not_sign_in_is_asked_to() {
        let request = Request::get("/token?scope=repository:a/b:pull").body(Body::empty()).unwrap();
        let (status, headers, body) = send(issuer(), request).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(headers["www-authenticate"], "Basic realm=\"roost-registry\"");
        assert_eq!(body["errors"][0]["code"], "UNAUTHORIZED");
    }

    #[tokio::test]
    async fn unreadable_requests_are_refused_with_a_reason() {
        let large = format!("grant_type=password&username={}", "a".repeat(LARGEST_FORM));
        for (form, expected) in [("grant_type=magic", StatusCode::BAD_REQUEST), (&large, StatusCode::PAYLOAD_TOO_LARGE)]
        {
            let request = Request::post("/token").body(Body::from(form.to_owned())).unwrap();
            assert_eq!(send(issuer(), request).await.0, expected);
        }
        let request = Request::get("/token").header("authorization", "Bearer x").body(Body::empty()).unwrap();
        let (status, _, body) = send(issuer(), request).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(body["errors"][0]["message"].as_str().unwrap().contains("Basic"), "{body}");
    }
}
