//! The agents that projects may run.

use roost_domain::agent::{AgentImage, Agents};
use roost_domain::naming::AgentName;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Listed};
use crate::gate::{Gate, Nobody, Permit, asked};
use crate::problem::Problem;

asked! { ListAgents: Nobody }

pub(crate) fn routes() -> OpenApiRouter<Gate> {
    OpenApiRouter::new().routes(routes!(list))
}

/// An agent that the operator allows.
#[derive(Debug, Serialize, ToSchema)]
struct AllowedAgent {
    /// By which a project asks for it.
    name: String,
    /// What it runs.
    image: String,
    /// After how long without a message it sleeps; absent if as all apps.
    #[serde(skip_serializing_if = "Option::is_none")]
    sleep: Option<String>,
}

/// The agents that projects may run
#[utoipa::path(get, path = "/api/agents", tag = "projects", operation_id = "ListAgents",
    responses((status = 200, body = Listed<AllowedAgent>), (status = "default", body = Problem)))]
async fn list(permit: Permit<ListAgents>) -> Answered<Listed<AllowedAgent>> {
    let agents: &Agents = &permit.backend.settings.agents;
    Ok(Answer::ok(Listed { items: agents.all().map(AllowedAgent::of).collect(), next: None }))
}

impl AllowedAgent {
    fn of((name, agent): (&AgentName, &AgentImage)) -> Self {
        Self { name: name.to_string(), image: agent.image.to_string(), sleep: agent.sleep.map(String::from) }
    }
}
