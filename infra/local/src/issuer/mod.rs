//! The issuer that stands for the website's sign-in. Like any issuer it publishes its keys and gives a token for a code;
//! unlike any other it takes everybody's word for who they are.

mod exchange;
mod journeys;
mod keys;
mod people;
mod sign_in;

use std::sync::Arc;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

pub(crate) use keys::{Bearer, key_file, prepare, token};
pub(crate) use people::id_of;

use crate::instance::{ISSUER, Instance};
use journeys::Journeys;

/// For whom its tokens are meant: the client's id, too.
pub(crate) const AUDIENCE: &str = "roost";

/// As its tokens name it; functions and browsers reach it there.
pub(crate) fn address(instance: &Instance) -> String {
    format!("http://{}:{}", instance.node_address(), instance.node_port(ISSUER))
}

/// What every answer is made from.
#[derive(Clone)]
struct Issuer {
    instance: Instance,
    journeys: Arc<Journeys>,
}

/// Answers until it is stopped.
pub(crate) async fn serve(instance: &Instance) -> anyhow::Result<()> {
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(description))
        .route("/keys.json", get(published_keys))
        .route("/authorize", get(sign_in::answer))
        .route("/token", post(exchange::answer))
        .with_state(Issuer { instance: instance.clone(), journeys: Arc::default() });
    let listener = TcpListener::bind((instance.node_address(), instance.node_port(ISSUER))).await?;
    Ok(axum::serve(listener, router).await?)
}

async fn description(State(issuer): State<Issuer>) -> Json<Value> {
    let address = address(&issuer.instance);
    Json(json!({
        "issuer": address,
        "jwks_uri": format!("{address}/keys.json"),
        "authorization_endpoint": format!("{address}/authorize"),
        "token_endpoint": format!("{address}/token"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    }))
}

async fn published_keys(State(issuer): State<Issuer>) -> Result<Json<Value>, String> {
    let (_, public) = keys::keys(&issuer.instance).map_err(|error| format!("{error:#}"))?;
    Ok(Json(json!({"keys": [public]})))
}
