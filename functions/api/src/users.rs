//! Users: all for the website, oneself for anybody else.

use roost_aws::table::Page;
use roost_domain::tenant::Tenant;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Listed, Paging, PagingQuery};
use crate::gate::{Gate, Nobody, OfUser, Permit, asked};
use crate::problem::Problem;

asked! { ListUsers: Nobody, ReadUser: OfUser }

pub(crate) fn routes() -> OpenApiRouter<Gate> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(read))
}

/// A user of the website, as the platform has it.
#[derive(Debug, Serialize, ToSchema)]
struct User {
    /// The website's id of the user.
    id: String,
    /// The name as it was chosen at the signup.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
    /// `announced`, `provisioning`, `ready` or `deleting`.
    state: &'static str,
    /// What holds it up, in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The namespace in the cluster, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    /// The cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<String>,
}

impl From<Tenant> for User {
    fn from(tenant: Tenant) -> Self {
        let home = tenant.home().cloned();
        Self {
            state: tenant.state.name(),
            id: tenant.id.into(),
            name: tenant.profile.map(|profile| profile.name),
            plan: tenant.plan,
            reason: tenant.reason,
            namespace: home.as_ref().map(|home| home.slug.namespace()),
            cluster: home.map(|home| home.cluster.to_string()),
        }
    }
}

/// Users
///
/// The website sees all users, anybody else itself.
#[utoipa::path(get, path = "/api/users", tag = "users", operation_id = "ListUsers", params(PagingQuery),
    responses((status = 200, body = Listed<User>), (status = "default", body = Problem)))]
async fn list(permit: Permit<ListUsers>, Paging(page): Paging) -> Answered<Listed<User>> {
    let users = match permit.caller.acts_for() {
        Some(user) => Page { items: vec![permit.backend.tenant(user).await?], next: None },
        None => permit.backend.base.table.tenants_page(&page).await?,
    };
    Ok(Answer::ok(users.map(User::from).into()))
}

/// A user
#[utoipa::path(get, path = "/api/users/{userId}", tag = "users", operation_id = "ReadUser",
    params(("userId" = String, Path)),
    responses((status = 200, body = User), (status = "default", body = Problem)))]
async fn read(permit: Permit<ReadUser>) -> Answered<User> {
    Ok(Answer::ok(permit.tenant()?.clone().into()))
}
