//! A code is exchanged for a token.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use super::keys::{Bearer, LIFETIME, token};
use super::{AUDIENCE, Issuer};

/// What the console sends (<https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3>).
#[derive(Deserialize)]
pub(super) struct Exchange {
    grant_type: String,
    code: String,
    redirect_uri: String,
    client_id: String,
    code_verifier: String,
}

pub(super) async fn answer(State(issuer): State<Issuer>, Form(exchange): Form<Exchange>) -> Response {
    let Exchange { grant_type, code, redirect_uri, client_id, code_verifier } = exchange;
    if grant_type != "authorization_code" {
        return refused("unsupported_grant_type");
    }
    if client_id != AUDIENCE {
        return refused("invalid_client");
    }
    let Some(user) = issuer.journeys.end(&code, &redirect_uri, &code_verifier) else {
        return refused("invalid_grant");
    };
    match token(&issuer.instance, &Bearer::User(&user)) {
        Ok(token) => given(&token),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}")).into_response(),
    }
}

fn given(token: &str) -> Response {
    let lifetime = LIFETIME.as_secs();
    let tokens = json!({"access_token": token, "id_token": token, "token_type": "Bearer", "expires_in": lifetime});
    answer_with(StatusCode::OK, tokens)
}

fn refused(error: &str) -> Response {
    answer_with(StatusCode::BAD_REQUEST, json!({"error": error}))
}

fn answer_with(status: StatusCode, content: Value) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(content)).into_response()
}
