//! What a user's projects use together, and may.

use roost_cluster::tenant::TenantSpace;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered};
use crate::gate::{Gate, OfUser, Permit, asked};
use crate::problem::Problem;

asked! { ReadUsage: OfUser }

pub(crate) fn routes() -> OpenApiRouter<Gate> {
    OpenApiRouter::new().routes(routes!(read))
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
    /// The same.
    limit: String,
}

/// What a user's projects use together, and may
#[utoipa::path(get, path = "/api/users/{userId}/usage", tag = "users", operation_id = "ReadUsage",
    params(("userId" = String, Path)),
    responses((status = 200, body = Usage), (status = "default", body = Problem)))]
async fn read(permit: Permit<ReadUsage>) -> Answered<Usage> {
    let home = permit.home().await?;
    let space = TenantSpace::new(home.client.clone(), permit.subject.tenant.clone(), &home.home.slug);
    let resources = space.usage().await?.into_iter();
    let resources = resources.map(|(name, amount)| Resource { name, used: amount.used, limit: amount.limit });
    Ok(Answer::ok(Usage { plan: permit.tenant()?.plan.clone(), resources: resources.collect() }))
}
