//! What was asked for and takes its time: begun, and looked at.

use jiff::Timestamp;
use roost_aws::table::HistoryEntry;
use roost_domain::access::Caller;
use roost_domain::naming::{OperationId, ProjectName, TenantId};
use roost_domain::operation::{Aim, Operation, Progress, State, of_app, of_cancel, of_deletion, of_rollback, of_start};
use roost_domain::release::{Origin, Release};
use serde::Serialize;
use ulid::Ulid;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered};
use crate::backend::Backend;
use crate::gate::{Gate, Named, OfUser, Permit, asked};
use crate::problem::Problem;

/// More than that many releases back nothing is looked for that a request may have become.
const RECENT: i32 = 50;

asked! { ReadOperation: OfUser }

pub(crate) fn routes() -> OpenApiRouter<Gate> {
    OpenApiRouter::new().routes(routes!(read))
}

/// How far something is that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperationView {
    /// Its id.
    id: String,
    /// `activate`, `deactivate`, `roll-back`, `cancel` or `delete`.
    kind: &'static str,
    /// The project it is about.
    project: String,
    /// `running`, `succeeded` or `failed`.
    #[schema(value_type = String)]
    state: State,
    /// The same in plain words.
    detail: String,
    /// When it was asked for.
    requested_at: Timestamp,
    /// Who asked.
    requested_by: String,
    /// When it was seen to have ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Timestamp>,
}

/// How far something is that was asked for
#[utoipa::path(get, path = "/api/users/{userId}/operations/{operationId}", tag = "operations",
    operation_id = "ReadOperation", params(("userId" = String, Path), ("operationId" = String, Path)),
    responses((status = 200, body = OperationView), (status = "default", body = Problem)))]
async fn read(permit: Permit<ReadOperation>, Named(id): Named<OperationId>) -> Answered<OperationView> {
    let operation = permit.backend.base.table.operation(&permit.subject.tenant, &id).await?;
    let only = permit.caller.confined_to();
    let operation = operation.filter(|operation| only.is_none_or(|only| *only == operation.project));
    let operation = operation.ok_or_else(Problem::not_found)?;
    let (operation, progress) = permit.backend.looked_at(operation).await?;
    Ok(Answer::ok(OperationView::of(&operation, progress)))
}

impl OperationView {
    fn of(operation: &Operation, progress: Progress) -> Self {
        Self {
            id: operation.id.to_string(),
            kind: operation.aim.kind(),
            project: operation.project.to_string(),
            state: progress.state,
            detail: progress.detail,
            requested_at: operation.requested_at,
            requested_by: operation.requested_by.clone(),
            ended_at: operation.ended.as_ref().map(|(at, _)| *at),
        }
    }
}

impl Backend {
    /// Writes down what was asked for, and answers with where it can be followed.
    pub(crate) async fn begin_operation(
        &self,
        caller: &Caller,
        (tenant, project): (&TenantId, &ProjectName),
        aim: Aim,
        entry: (&str, String),
    ) -> Answered<OperationView> {
        let id = OperationId::parse(&Ulid::new().to_string()).map_err(|_| Problem::internal())?;
        let operation = Operation {
            id,
            tenant: tenant.clone(),
            project: project.clone(),
            aim,
            requested_at: Timestamp::now(),
            requested_by: caller.to_string(),
            ended: None,
        };
        let entry = HistoryEntry::now(entry.0, operation.id.as_str(), entry.1).by(caller.to_string()).about(project);
        self.base.table.keep_operation(&operation, Some(&entry)).await?;
        let location = format!("/api/users/{tenant}/operations/{}", operation.id);
        let (operation, progress) = self.looked_at(operation).await?;
        Ok(Answer::accepted(location, OperationView::of(&operation, progress)))
    }

    /// How far an operation is; its end is written down.
    async fn looked_at(&self, operation: Operation) -> Result<(Operation, Progress), Problem> {
        if let Some((_, progress)) = operation.ended.clone() {
            return Ok((operation, progress));
        }
        let progress = self.progress(&operation).await?;
        let operation = operation.seen(&progress, Timestamp::now());
        if operation.has_ended() {
            self.base.table.keep_operation(&operation, None).await?;
        }
        Ok((operation, progress))
    }

    async fn progress(&self, operation: &Operation) -> Result<Progress, Problem> {
        let Operation { tenant, project, aim, .. } = operation;
        Ok(match aim {
            Aim::Activate { .. } | Aim::Deactivate { .. } => {
                let app = self.home(&self.tenant(tenant).await?).await?.app(project).await?;
                of_app(aim, app.map(|app| app.standing()).as_ref())
            }
            Aim::Start => {
                let newest = self.base.table.releases(tenant, project, 1).await?;
                of_start(newest.first(), operation.requested_at)
            }
            Aim::RollBack { cause, .. } => {
                let recent = self.base.table.releases(tenant, project, RECENT).await?;
                of_rollback(recent.iter().find(|release| is_caused_by(release, cause)))
            }
            Aim::Cancel { release } => of_cancel(self.base.table.release(tenant, project, *release).await?.as_ref()),
            Aim::Delete => of_deletion(self.base.table.project(tenant, project).await?.is_some()),
        })
    }
}

fn is_caused_by(release: &Release, event: &str) -> bool {
    matches!(&release.origin, Origin::Rollback { cause, .. } if cause == event)
}
