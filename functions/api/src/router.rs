//! All that can be asked for, and what every answer has in common.

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{self, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::answer::with_etags;
use crate::document::Document;
use crate::gate::Gate;
use crate::input::LONGEST_BODY;
use crate::problem::{Kind, Problem};
use crate::{
    agents, app_wishes, events, failures, kubeconfig, logs, messages, operations, projects, releases, status, tokens,
    uploads, usage, users,
};

/// The API.
pub(crate) fn router(gate: Gate) -> Router {
    let (routes, document) = described().split_for_parts();
    let routes = routes.with_state(gate);
    let document = serde_json::to_value(document).unwrap_or_default();
    let open = Router::new()
        .route("/api/openapi.json", get(move || async move { Json(document) }))
        .route("/api/failures", get(failures::list))
        .route("/api/health", get(|| async { Json(json!({"status": "ok"})) }));
    routes
        .merge(open)
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { method_not_allowed() })
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(middleware::from_fn(with_etags))
        .layer(map_response(with_common_headers))
}

/// The routes with their description.
fn described() -> OpenApiRouter<Gate> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(users::routes())
        .merge(agents::routes())
        .merge(projects::routes())
        .merge(status::routes())
        .merge(app_wishes::routes())
        .merge(logs::routes())
        .merge(messages::routes())
        .merge(uploads::routes())
        .merge(releases::routes())
        .merge(operations::routes())
        .merge(events::routes())
        .merge(usage::routes())
        .merge(kubeconfig::routes())
        .merge(tokens::routes())
}

fn method_not_allowed() -> Response {
    let problem = Problem::new(
        Kind::Method,
        "There is such a thing, and this cannot be done with it.",
        "`/api/openapi.json` tells what can be.",
    );
    problem.into_response()
}

/// No answer is anything but what it says it is.
async fn with_common_headers(mut response: Response) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::VARY, HeaderValue::from_static("authorization, roost-act-for"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_every_operation_once_and_with_problems() {
        let document = serde_json::to_value(described().split_for_parts().1).unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
        let paths = document["paths"].as_object().unwrap();
        let operations: Vec<_> = paths.values().flat_map(|path| path.as_object().unwrap().values()).collect();
        let ids: std::collections::BTreeSet<_> =
            operations.iter().map(|operation| operation["operationId"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), operations.len());
        assert!(operations.len() >= 24, "{ids:?}");
        for operation in operations {
            assert!(operation["responses"]["default"].is_object(), "{operation}");
            assert!(operation["summary"].is_string(), "{operation}");
        }
    }
}
