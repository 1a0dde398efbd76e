//! Releases: which there are, how each was built, and what can be done about them.

mod build_log;
mod requests;
mod view;

use roost_aws::table::Page;
use roost_domain::release::{Release, ReleaseNumber};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, Listed, Paging, PagingQuery};
use crate::backend::Backend;
use crate::gate::{Gate, Named, OfProject, Permit, asked};
use crate::input::Parameters;
use crate::problem::Problem;
use view::ReleaseView;

asked! { ListReleases: OfProject, ReadRelease: OfProject, FindRelease: OfProject }

pub(crate) fn routes() -> OpenApiRouter<Gate> {
    let own = OpenApiRouter::new().routes(routes!(list)).routes(routes!(read)).routes(routes!(find));
    own.routes(routes!(build_log::read)).routes(routes!(requests::cancel)).routes(routes!(requests::roll_back))
}

/// A project's releases, the newest first
#[utoipa::path(get, path = "/api/users/{userId}/projects/{projectId}/releases", tag = "releases",
    operation_id = "ListReleases", params(("userId" = String, Path), ("projectId" = String, Path), PagingQuery),
    responses((status = 200, body = Listed<ReleaseView>), (status = "default", body = Problem)))]
async fn list(permit: Permit<ListReleases>, Paging(page): Paging) -> Answered<Listed<ReleaseView>> {
    let OfProject { tenant, project } = &permit.subject;
    permit.backend.project(tenant, project).await?;
    let page: Page<Release> = permit.backend.base.table.releases_page((tenant, project), &page).await?;
    Ok(Answer::ok(page.map(|release| ReleaseView::of(&release)).into()))
}

/// A release
#[utoipa::path(get, path = "/api/users/{userId}/projects/{projectId}/releases/{release}", tag = "releases",
    operation_id = "ReadRelease",
    params(("userId" = String, Path), ("projectId" = String, Path), ("release" = String, Path, example = "r7")),
    responses((status = 200, body = ReleaseView), (status = "default", body = Problem)))]
async fn read(permit: Permit<ReadRelease>, Named(number): Named<ReleaseNumber>) -> Answered<ReleaseView> {
    Ok(Answer::ok(ReleaseView::of(&permit.backend.release(&permit.subject, number).await?)))
}

/// Which upload is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct OfUpload {
    /// What S3 answered to the upload as `x-amz-version-id`.
    version: String,
}

/// The release that an upload became
///
/// There is none until the platform has seen the upload, which takes a moment.
#[utoipa::path(get, path = "/api/users/{userId}/projects/{projectId}/uploads", tag = "releases",
    operation_id = "FindRelease", params(("userId" = String, Path), ("projectId" = String, Path), OfUpload),
    responses((status = 200, body = ReleaseView), (status = "default", body = Problem)))]
async fn find(
    permit: Permit<FindRelease>,
    Parameters(OfUpload { version }): Parameters<OfUpload>,
) -> Answered<ReleaseView> {
    let OfProject { tenant, project } = &permit.subject;
    if !(1..=200).contains(&version.len()) || version.contains('#') {
        return Err(Problem::input("version", "this is not what S3 answers to an upload"));
    }
    let release = permit.backend.base.table.release_of_upload(tenant, project, &version).await?;
    Ok(Answer::ok(ReleaseView::of(&release.ok_or_else(Problem::not_found)?)))
}

impl Backend {
    /// A release that is there.
    async fn release(&self, subject: &OfProject, number: ReleaseNumber) -> Result<Release, Problem> {
        let OfProject { tenant, project } = subject;
        self.base.table.release(tenant, project, number).await?.ok_or_else(Problem::not_found)
    }
}
