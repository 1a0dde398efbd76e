//! An archive is sent by the browser itself to where the API says; these are what the page's script asks.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use roost_domain::naming::ProjectName;
use serde::Deserialize;
use serde_json::json;

use crate::console::Console;
use crate::failure::{Failure, refused};
use crate::names::Named;
use crate::session::Session;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/console/projects/{project}/uploads", post(begin))
        .route("/console/projects/{project}/uploads/{version}", get(find))
}

#[derive(Deserialize)]
struct Announced {
    /// In bytes.
    size: u64,
    /// In hexadecimal digits.
    sha256: String,
}

/// Where to send an archive.
async fn begin(session: Session, named: Named, Json(announced): Json<Announced>) -> Response {
    let place = session.account.upload_place(&named.project, announced.size, &announced.sha256).await;
    place.map_or_else(refused, |place| Json(place).into_response())
}

/// The page of the release that an upload became; nothing yet as long as the platform has not seen it.
async fn find(session: Session, Path((project, version)): Path<(String, String)>) -> Response {
    let Ok(project) = ProjectName::parse(&project) else { return Failure::NotFound.into_response() };
    match session.account.release_of_upload(&project, &version).await {
        Ok(Some(release)) => {
            Json(json!({"place": format!("/console/projects/{project}/releases/{}", release.id)})).into_response()
        }
        Ok(None) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => refused(error),
    }
}
