//! The console before the API, which it asks within the process, as its reader.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Response, StatusCode};
use roost_client::LocalApi;
use roost_console::{Console, ConsoleSettings};
use tower::ServiceExt;

use crate::gate::Gate;

/// In bytes; the API answers with less.
const LONGEST_ANSWER: usize = 16 * 1024 * 1024;

/// The API with the console before it, if there is to be one.
pub(crate) async fn before(api: Router, gate: &Gate) -> Result<Router, lambda_runtime::Error> {
    let backend = gate.backend();
    let Some(url) = backend.settings.console_url.clone() else { return Ok(api) };
    let settings = ConsoleSettings {
        url,
        expectation: backend.settings.expectation.clone(),
        storage: backend.uploads.origin().await?,
    };
    let console = Console::new(settings, local(api.clone()), gate.keys().clone())?;
    Ok(roost_console::routes(console).fallback_service(api))
}

fn local(api: Router) -> LocalApi {
    Arc::new(move |request| {
        let api = api.clone();
        Box::pin(async move { whole(api.oneshot(request.map(Body::from)).await).await })
    })
}

async fn whole(answered: Result<Response<Body>, std::convert::Infallible>) -> Response<Vec<u8>> {
    let (parts, body) = match answered {
        Ok(response) => response.into_parts(),
        Err(never) => match never {},
    };
    if let Ok(body) = to_bytes(body, LONGEST_ANSWER).await {
        return Response::from_parts(parts, body.to_vec());
    }
    let mut broken = Response::new(Vec::new());
    *broken.status_mut() = StatusCode::BAD_GATEWAY;
    broken
}
