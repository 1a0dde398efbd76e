//! What a user's projects use together, and may; and what they would after a change.

use roost_cluster::tenant::{Amount, TenantSpace};
use roost_domain::naming::ProjectName;
use roost_domain::plan::Demand;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered};
use crate::gate::{Gate, OfUser, Permit, asked};
use crate::homes::UserHome;
use crate::input::Parameters;
use crate::problem::Problem;

asked! { ReadUsage: OfUser }

pub(crate) fn routes() -> OpenApiRouter<Gate> {
    OpenApiRouter::new().routes(routes!(read))
}

/// A change that is thought of.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Change {
    /// A project that would be woken.
    #[param(value_type = Option<String>)]
    waking: Option<ProjectName>,
    /// An agent that a new project would run, one of `/api/agents`.
    agent: Option<String>,
}

/// What is used of a plan. What sleeps uses nothing but its volumes.
#[derive(Debug, Serialize, ToSchema)]
struct Usage {
    /// The plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
    /// Everything that is limited.
    resources: Vec<Resource>,
}

/// How much of something is used, and may be.
#[derive(Debug, Serialize, ToSchema)]
struct Resource {
    /// As Kubernetes names it: `requests.cpu`, `limits.memory`, `requests.storage`, `pods` and so on.
    name: String,
    /// A quantity such as `250m` or `1Gi`.
    used: String,
    /// The same after the change that was asked about; absent for a resource that it does not touch.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    /// The most that may be used.
    limit: String,
}

/// What a user's projects use together, and may
///
/// With `waking` or `agent` it also says what they would use after that, so that one knows before whether it fits.
#[utoipa::path(get, path = "/api/users/{userId}/usage", tag = "users", operation_id = "ReadUsage",
    params(("userId" = String, Path), Change),
    responses((status = 200, body = Usage), (status = "default", body = Problem)))]
async fn read(permit: Permit<ReadUsage>, Parameters(change): Parameters<Change>) -> Answered<Usage> {
    let home = permit.home().await?;
    let space = TenantSpace::new(home.client.clone(), permit.subject.tenant.clone(), &home.home.slug);
    let demand = match (&change.waking, &change.agent) {
        (None, None) => None,
        (Some(project), None) => Some(of_wake(&permit, &home, project).await?),
        (None, Some(agent)) => Some(of_agent(&permit, agent)?),
        (Some(_), Some(_)) => return Err(Problem::input("query", "ask about one change at a time")),
    };
    let resources = space.usage().await?.into_iter().map(|(name, amount)| Resource::of(name, amount, demand.as_ref()));
    Ok(Answer::ok(Usage { plan: permit.tenant()?.plan.clone(), resources: resources.collect() }))
}

/// A project of which nothing was rolled out yet adds nothing that is known.
async fn of_wake(permit: &Permit<ReadUsage>, home: &UserHome, project: &ProjectName) -> Result<Demand, Problem> {
    if permit.caller.confined_to().is_some_and(|only| only != project) {
        return Err(Problem::not_found());
    }
    permit.backend.project(&permit.subject.tenant, project).await?;
    let app = home.app(project).await?;
    Ok(app.map(|app| Demand::of_wake(&app.spec, &app.standing())).unwrap_or_default())
}

fn of_agent(permit: &Permit<ReadUsage>, name: &str) -> Result<Demand, Problem> {
    let agent = permit.backend.settings.agents.find(name);
    let agent = agent.map_err(|error| Problem::input("agent", error.to_string()))?;
    let plan = permit.tenant()?.plan.clone().unwrap_or_default();
    let container = permit.backend.base.plans.find(&plan).map(|(_, plan)| plan.container.clone()).unwrap_or_default();
    Ok(Demand::of_agent(&agent.image, &container))
}

impl Resource {
    fn of(name: String, Amount { used, limit }: Amount, demand: Option<&Demand>) -> Self {
        let after = demand.and_then(|demand| demand.after(&name, &used));
        Self { name, used, after, limit }
    }
}
