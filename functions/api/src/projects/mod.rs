//! Projects: which there are, where each is reached and how it is, and the begin of new ones.

mod creation;
mod deletion;
mod listing;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered};
use crate::gate::{Gate, OfProject, Permit, asked};
use crate::problem::Problem;
use view::ProjectView;

asked! { ReadProject: OfProject }

pub(crate) fn routes() -> OpenApiRouter<Gate> {
    OpenApiRouter::new().routes(routes!(listing::list, creation::create)).routes(routes!(read, deletion::delete))
}

/// A project
#[utoipa::path(get, path = "/api/users/{userId}/projects/{projectId}", tag = "projects",
    operation_id = "ReadProject", params(("userId" = String, Path), ("projectId" = String, Path)),
    responses((status = 200, body = ProjectView), (status = "default", body = Problem)))]
async fn read(permit: Permit<ReadProject>) -> Answered<ProjectView> {
    let OfProject { tenant, project } = &permit.subject;
    let record = permit.backend.project(tenant, project).await?;
    let home = permit.home().await?;
    let app = home.app(project).await?;
    Ok(Answer::ok(ProjectView::of(&record, app.as_ref(), &permit.backend.settings)))
}
