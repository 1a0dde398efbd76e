//! What happened: who did what to which, when and why.

use jiff::Timestamp;
use roost_aws::table::HistoryEntry;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Listed, Paging, PagingQuery};
use crate::gate::{Gate, OfProject, OfUser, Permit, asked};
use crate::problem::Problem;

asked! { ReadEvents: OfUser, ReadProjectEvents: OfProject }

pub(crate) fn routes() -> OpenApiRouter<Gate> {
    OpenApiRouter::new().routes(routes!(of_user)).routes(routes!(of_project))
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
struct EventView {
    /// When.
    at: Timestamp,
    /// What, such as `release.live` or `token.created`.
    kind: String,
    /// Who did it; absent for what the platform did by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<String>,
    /// The project it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<String>,
    /// Why, in plain words.
    reason: String,
    /// The event or operation that caused it.
    cause: String,
}

impl From<HistoryEntry> for EventView {
    fn from(entry: HistoryEntry) -> Self {
        let HistoryEntry { at, kind, cause, reason, actor, project } = entry;
        Self { at, kind, actor, project: project.map(String::from), reason, cause }
    }
}

/// What happened to a user's account and projects, the newest first
#[utoipa::path(get, path = "/api/users/{userId}/events", tag = "events", operation_id = "ReadEvents",
    params(("userId" = String, Path), PagingQuery),
    responses((status = 200, body = Listed<EventView>), (status = "default", body = Problem)))]
async fn of_user(permit: Permit<ReadEvents>, Paging(page): Paging) -> Answered<Listed<EventView>> {
    let page = permit.backend.base.table.history_page((&permit.subject.tenant, None), &page).await?;
    Ok(Answer::ok(page.map(EventView::from).into()))
}

/// What happened to a project, the newest first
///
/// A page may have fewer events than asked for, or none, although more follow.
#[utoipa::path(get, path = "/api/users/{userId}/projects/{projectId}/events", tag = "events",
    operation_id = "ReadProjectEvents",
    params(("userId" = String, Path), ("projectId" = String, Path), PagingQuery),
    responses((status = 200, body = Listed<EventView>), (status = "default", body = Problem)))]
async fn of_project(permit: Permit<ReadProjectEvents>, Paging(page): Paging) -> Answered<Listed<EventView>> {
    let OfProject { tenant, project } = &permit.subject;
    permit.backend.project(tenant, project).await?;
    let page = permit.backend.base.table.history_page((tenant, Some(project)), &page).await?;
    Ok(Answer::ok(page.map(EventView::from).into()))
}
