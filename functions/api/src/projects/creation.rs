//! A project begins as a name; what runs under it is brought by uploads, or is an agent that the operator allows.

use axum::response::Response;
use jiff::Timestamp;
use roost_aws::table::HistoryEntry;
use roost_domain::naming::ProjectName;
use roost_domain::release::Project;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::view::ProjectView;
use crate::answer::{Answer, Answered, OnceKey, OnceRequest};
use crate::gate::{Asks, OfUser, Permit, asked};
use crate::input::Input;
use crate::problem::Problem;

asked! { CreateProject: OfUser }

/// A project to begin.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewProject {
    /// Its name: 1 to 40 lower-case letters, digits and `-`, not at the ends. `name` is taken for `id`, too.
    #[serde(alias = "name")]
    #[schema(value_type = String, example = "shop", pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$")]
    id: ProjectName,
    /// The agent that it runs, one of `/api/agents`; absent for a project that archives are uploaded to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
}

/// Begins a project
///
/// Archives are uploaded to it, or it runs an agent, which starts when the project is activated for the first time.
#[utoipa::path(post, path = "/api/users/{userId}/projects", tag = "projects", operation_id = "CreateProject",
    params(("userId" = String, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = NewProject,
    responses((status = 201, body = ProjectView), (status = "default", body = Problem)))]
pub(super) async fn create(
    permit: Permit<CreateProject>,
    key: OnceKey,
    Input(new): Input<NewProject>,
) -> Result<Response, Problem> {
    let request = OnceRequest { tenant: &permit.subject.tenant, action: CreateProject::ACTION, content: &new };
    Box::pin(key.once(&permit.backend, request, begin(&permit, &new))).await
}

async fn begin(permit: &Permit<CreateProject>, new: &NewProject) -> Answered<ProjectView> {
    let tenant = permit.tenant()?.id.clone();
    let agent = new.agent.as_deref().map(|name| permit.backend.settings.agents.find(name)).transpose();
    let agent = agent.map_err(|error| Problem::input("agent", error.to_string()))?;
    let words = agent.as_ref().map(|agent| format!(" with the agent {}", agent.name)).unwrap_or_default();
    let project = Project { revision: 1, agent, ..Project::new(tenant, new.id.clone(), Timestamp::now()) };
    let entry = HistoryEntry::now("project.created", "api", format!("the project {} was begun{words}", new.id));
    let entry = entry.by(permit.caller.to_string()).about(&new.id);
    if !permit.backend.base.table.begin_project(&project, &entry).await? {
        let detail = format!("There is a project {} already.", new.id);
        return Err(Problem::conflict(detail, "Choose another name, or use the project that is there."));
    }
    let location = format!("/api/users/{}/projects/{}", project.tenant, project.name);
    Ok(Answer::created(location, ProjectView::of(&project, None, &permit.backend.settings)))
}
