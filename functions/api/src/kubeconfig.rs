//! The key to one's own corner of the cluster.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use roost_aws::table::HistoryEntry;
use roost_aws::vault::Owner;
use roost_cluster::connection::tenant_kubeconfig;
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered};
use crate::gate::{Gate, OfUser, Permit, asked};
use crate::problem::Problem;

asked! { ReadKubeconfig: OfUser }

pub(crate) fn routes() -> OpenApiRouter<Gate> {
    OpenApiRouter::new().routes(routes!(read))
}

/// The kubeconfig of a user's own namespace
///
/// It holds the credential in force, which is replaced before it ends: get it again then. JSON is YAML, too.
#[utoipa::path(get, path = "/api/users/{userId}/kubeconfig", tag = "users", operation_id = "ReadKubeconfig",
    params(("userId" = String, Path)),
    responses((status = 200, body = Object), (status = "default", body = Problem)))]
async fn read(permit: Permit<ReadKubeconfig>) -> Result<Response, Problem> {
    let mut response = open(&permit).await?.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn open(permit: &Permit<ReadKubeconfig>) -> Answered<Value> {
    let (base, user) = (&permit.backend.base, &permit.subject.tenant);
    let home = permit.home().await?.home;
    let missing = || Problem::conflict("The account has no credential yet.", "Ask again once it is ready.");
    let credential = home.credential.as_ref().ok_or_else(missing)?;
    let owner = Owner { tenant: user, cluster: &home.cluster, number: credential.number };
    let token = base.vault.open(owner, &credential.sealed).await?;
    let connection = base.clusters.connection(&home.cluster).await?;
    let entry = HistoryEntry::now("kubeconfig.read", "api", "the key to the namespace was handed out");
    base.table.record(Some(user), &entry.by(permit.caller.to_string())).await?;
    let kubeconfig = tenant_kubeconfig(&connection, &home.slug.namespace(), &token);
    let kubeconfig = kubeconfig.ok().and_then(|kubeconfig| serde_json::to_value(kubeconfig).ok());
    Ok(Answer::ok(kubeconfig.ok_or_else(Problem::internal)?))
}
