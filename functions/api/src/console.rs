//! The console before the API, which it asks within the process, as its reader.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use roost_client::LocalApi;
use roost_console::{Console, ConsoleSettings};
use tower::ServiceExt;

use crate::gate::Gate;

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
        Box::pin(async move {
            let Ok(answer) = api.oneshot(request.map(Body::from)).await;
            answer.map(|body| reqwest::Body::wrap_stream(body.into_data_stream()))
        })
    })
}
