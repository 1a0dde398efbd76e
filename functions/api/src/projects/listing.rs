//! All projects of a user, a page at a time, with what the cluster says of them in one call.

use std::collections::HashMap;

use futures::join;
use roost_cluster::app::App;
use tracing::warn;

use super::view::ProjectView;
use crate::answer::{Answer, Answered, Listed, Paging, PagingQuery};
use crate::gate::{OfUser, Permit, asked};
use crate::problem::Problem;

asked! { ListProjects: OfUser }

/// A user's projects
#[utoipa::path(get, path = "/api/users/{userId}/projects", tag = "projects", operation_id = "ListProjects",
    params(("userId" = String, Path), PagingQuery),
    responses((status = 200, body = Listed<ProjectView>), (status = "default", body = Problem)))]
pub(super) async fn list(permit: Permit<ListProjects>, Paging(page): Paging) -> Answered<Listed<ProjectView>> {
    let (backend, tenant) = (&permit.backend, &permit.subject.tenant);
    let (page, apps) = join!(backend.base.table.projects_page(tenant, &page), apps_of(&permit));
    let mut page = page?;
    let only = permit.caller.confined_to();
    page.items.retain(|project| only.is_none_or(|only| *only == project.name));
    let view = |project: &_| ProjectView::of(project, app_of(project, &apps), &backend.settings);
    Ok(Answer::ok(page.map(|project| view(&project)).into()))
}

fn app_of<'a>(project: &roost_domain::release::Project, apps: &'a HashMap<String, App>) -> Option<&'a App> {
    apps.get(project.name.as_str())
}

/// A cluster that does not answer hides how the projects are, not which there are.
async fn apps_of(permit: &Permit<ListProjects>) -> HashMap<String, App> {
    let Ok(home) = permit.home().await else { return HashMap::new() };
    match home.apps().list_in(&home.namespace()).await {
        Ok(apps) => apps.into_iter().map(|app| (app.name().to_owned(), app)).collect(),
        Err(error) => {
            warn!(%error, "projects are listed without their phases");
            HashMap::new()
        }
    }
}
