//! What can be asked for about releases: the same events on the bus as the website's.

use axum::response::Response;
use roost_domain::operation::Aim;
use roost_domain::release::{ReleaseNumber, ReleaseState};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::answer::{Answered, OnceKey, OnceRequest};
use crate::gate::{Asks, Named, OfProject, Permit, asked};
use crate::input::Input;
use crate::operations::OperationView;
use crate::problem::Problem;

asked! { CancelRelease: OfProject, RollBack: OfProject }

/// Where to go back to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RollBackTo {
    /// A release that was live, such as `r3`.
    #[schema(example = "r3")]
    to: String,
}

/// Stops a release that is under way
///
/// What is in the cluster already is put back as it was.
#[utoipa::path(post, path = "/api/users/{userId}/projects/{projectId}/releases/{release}/cancel",
    tag = "releases", operation_id = "CancelRelease",
    params(("userId" = String, Path), ("projectId" = String, Path), ("release" = String, Path),
        ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = OperationView), (status = "default", body = Problem)))]
pub(super) async fn cancel(
    permit: Permit<CancelRelease>,
    Named(number): Named<ReleaseNumber>,
    key: OnceKey,
) -> Result<Response, Problem> {
    let OfProject { tenant, project } = &permit.subject;
    let request = OnceRequest { tenant, action: CancelRelease::ACTION, content: &(project, number) };
    Box::pin(key.once(&permit.backend, request, stop(&permit, number))).await
}

async fn stop(permit: &Permit<CancelRelease>, number: ReleaseNumber) -> Answered<OperationView> {
    let OfProject { tenant, project } = &permit.subject;
    let release = permit.backend.release(&permit.subject, number).await?;
    if release.state.is_terminal() {
        let detail = format!("{} has ended as {} already.", release.title(), release.state.name());
        return Err(Problem::conflict(detail, "Only a release that is under way can be stopped."));
    }
    let event = json!({"user_id": tenant, "project": project, "release": number.to_string()});
    permit.backend.bus.send("release.cancel-requested", &event).await?;
    let entry = ("release.cancel-requested", format!("{} is to be stopped", release.title()));
    permit.backend.begin_operation(&permit.caller, (tenant, project), Aim::Cancel { release: number }, entry).await
}

/// Runs an earlier release again
///
/// As a release of its own: images, objects and routes go back together, without a build.
#[utoipa::path(post, path = "/api/users/{userId}/projects/{projectId}/rollback", tag = "releases",
    operation_id = "RollBack", params(("userId" = String, Path), ("projectId" = String, Path),
        ("Idempotency-Key" = Option<String>, Header)), request_body = RollBackTo,
    responses((status = 202, body = OperationView), (status = "default", body = Problem)))]
pub(super) async fn roll_back(
    permit: Permit<RollBack>,
    key: OnceKey,
    Input(wish): Input<RollBackTo>,
) -> Result<Response, Problem> {
    let OfProject { tenant, project } = &permit.subject;
    let to = ReleaseNumber::parse(&wish.to).map_err(|error| Problem::input("to", error.to_string()))?;
    let request = OnceRequest { tenant, action: RollBack::ACTION, content: &(project, to) };
    Box::pin(key.once(&permit.backend, request, go_back(&permit, to))).await
}

async fn go_back(permit: &Permit<RollBack>, to: ReleaseNumber) -> Answered<OperationView> {
    let OfProject { tenant, project } = &permit.subject;
    permit.backend.lasting_project(&permit.subject).await?;
    let release = permit.backend.base.table.release(tenant, project, to).await?;
    let release = release.ok_or_else(|| Problem::input("to", format!("there is no release {to}")))?;
    if release.state != ReleaseState::Live {
        let detail = format!("{} was never live: it ended as {}.", release.title(), release.state.name());
        return Err(Problem::conflict(detail, "Go back to a release that was live."));
    }
    let event = json!({"user_id": tenant, "project": project, "to": to.to_string()});
    let cause = permit.backend.bus.send("project.rollback-requested", &event).await?;
    let entry = ("project.rollback-requested", format!("{} is to run again", release.title()));
    permit.backend.begin_operation(&permit.caller, (tenant, project), Aim::RollBack { to, cause }, entry).await
}
