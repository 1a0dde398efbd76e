//! A project's end: asked for here, and carried out by the function of its releases.

use axum::response::Response;
use jiff::Timestamp;
use roost_domain::operation::Aim;
use serde_json::json;

use crate::answer::{Answered, OnceKey, OnceRequest};
use crate::gate::{Asks, OfProject, Permit, asked};
use crate::operations::OperationView;
use crate::problem::Problem;

asked! { DeleteProject: OfProject }

/// Ends a project, with all that belongs to it
///
/// What runs, its volumes, images, address and records go; nobody else gets the address for 30 days.
#[utoipa::path(delete, path = "/api/users/{userId}/projects/{projectId}", tag = "projects",
    operation_id = "DeleteProject", params(("userId" = String, Path), ("projectId" = String, Path),
    ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = OperationView), (status = "default", body = Problem)))]
pub(super) async fn delete(permit: Permit<DeleteProject>, key: OnceKey) -> Result<Response, Problem> {
    let OfProject { tenant, project } = &permit.subject;
    let request = OnceRequest { tenant, action: DeleteProject::ACTION, content: &project };
    Box::pin(key.once(&permit.backend, request, end(&permit))).await
}

async fn end(permit: &Permit<DeleteProject>) -> Answered<OperationView> {
    let OfProject { tenant, project } = &permit.subject;
    let record = permit.backend.project(tenant, project).await?;
    if record.leaving_since.is_none() {
        permit.backend.base.table.save_project(&record.leaving(Timestamp::now())).await?;
    }
    // Sent again if it is asked for again: the first event may have been lost.
    let event = json!({"user_id": tenant, "project": project});
    permit.backend.bus.send("project.delete-requested", &event).await?;
    let entry = ("project.delete-requested", format!("{project} is to go, with all that belongs to it"));
    permit.backend.begin_operation(&permit.caller, (tenant, project), Aim::Delete, entry).await
}
