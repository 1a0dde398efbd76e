//! What an owner can want of an app: awake now, asleep as soon as nobody uses it, awake for a time.

use std::time::Duration;

use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use roost_aws::table::HistoryEntry;
use roost_cluster::app::{App, CommitError};
use roost_domain::app::{Cause, CauseKind, Effect, Event, Phase, Refused};
use roost_domain::naming::ClusterName;
use roost_domain::operation::Aim;
use roost_domain::release::Project;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered, OnceKey, OnceRequest};
use crate::backend::Backend;
use crate::gate::{Asks, Gate, OfProject, Permit, asked};
use crate::homes::UserHome;
use crate::input::Input;
use crate::operations::OperationView;
use crate::problem::Problem;

/// Nobody keeps an app awake for longer at once.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 7);

asked! { Activate: OfProject, Deactivate: OfProject, KeepAwake: OfProject }

pub(crate) fn routes() -> OpenApiRouter<Gate> {
    OpenApiRouter::new().routes(routes!(activate)).routes(routes!(deactivate)).routes(routes!(keep_awake))
}

/// How long an app is to stay awake.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AwakeUntil {
    /// Until when it stays awake in any case, at most a week from now; absent or `null` for no longer.
    #[serde(default)]
    until: Option<Timestamp>,
}

/// Wakes an app now
///
/// What wakes is told by the operation that the answer leads to; nothing is waited for. A project's agent starts when it is
/// activated for the first time.
#[utoipa::path(post, path = "/api/users/{userId}/projects/{projectId}/activate", tag = "apps",
    operation_id = "Activate", params(("userId" = String, Path), ("projectId" = String, Path),
    ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = OperationView), (status = "default", body = Problem)))]
async fn activate(permit: Permit<Activate>, key: OnceKey) -> Result<Response, Problem> {
    let OfProject { tenant, project } = &permit.subject;
    let request = OnceRequest { tenant, action: Activate::ACTION, content: &project };
    Box::pin(key.once(&permit.backend, request, wake(&permit))).await
}

async fn wake(permit: &Permit<Activate>) -> Answered<OperationView> {
    let OfProject { tenant, project } = &permit.subject;
    let record = permit.backend.lasting_project(&permit.subject).await?;
    if record.agent.is_some() && record.live.is_none() {
        return start_agent(permit).await;
    }
    let home = permit.home().await?;
    let app = app_of(&home, &record).await?;
    let cause = Cause::new(CauseKind::Owner, format!("{} wants it awake", permit.caller));
    let epoch = match home.apps().advance(app.clone(), &Event::Wanted(cause)).await {
        Ok((app, step)) => {
            carry_out(&home, &app, &step.effects).await?;
            step.status.epoch
        }
        Err(CommitError::Refused(Refused::AlreadySo(_))) => app.standing().epoch,
        Err(error) => return Err(error.into()),
    };
    let entry = ("app.activated", format!("{project} is wanted awake"));
    permit.backend.begin_operation(&permit.caller, (tenant, project), Aim::Activate { epoch }, entry).await
}

/// An agent that never ran has nothing to wake: it becomes a release first.
async fn start_agent(permit: &Permit<Activate>) -> Answered<OperationView> {
    let OfProject { tenant, project } = &permit.subject;
    let event = json!({"user_id": tenant, "project": project});
    permit.backend.bus.send("project.agent-requested", &event).await?;
    let entry = ("project.agent-requested", format!("the agent of {project} is to start"));
    permit.backend.begin_operation(&permit.caller, (tenant, project), Aim::Start, entry).await
}

async fn carry_out(home: &UserHome, app: &App, effects: &[Effect]) -> Result<(), Problem> {
    if effects.contains(&Effect::OpenRoute) {
        home.apps().open_route(app).await?;
    }
    if effects.contains(&Effect::StartWorkloads) {
        home.apps().start_first_wave(app).await?;
    }
    Ok(())
}

/// Puts an app to sleep as soon as nobody uses it
///
/// Requests that are open are answered first; a request that comes meanwhile keeps the app awake, and the operation says
/// so.
#[utoipa::path(post, path = "/api/users/{userId}/projects/{projectId}/deactivate", tag = "apps",
    operation_id = "Deactivate", params(("userId" = String, Path), ("projectId" = String, Path),
    ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 202, body = OperationView), (status = "default", body = Problem)))]
async fn deactivate(permit: Permit<Deactivate>, key: OnceKey) -> Result<Response, Problem> {
    let OfProject { tenant, project } = &permit.subject;
    let request = OnceRequest { tenant, action: Deactivate::ACTION, content: &project };
    Box::pin(key.once(&permit.backend, request, put_to_sleep(&permit))).await
}

async fn put_to_sleep(permit: &Permit<Deactivate>) -> Answered<OperationView> {
    let OfProject { tenant, project } = &permit.subject;
    let record = permit.backend.lasting_project(&permit.subject).await?;
    let home = permit.home().await?;
    let app = app_of(&home, &record).await?;
    let status = app.standing();
    match status.phase {
        Phase::Waking => {
            let remedy = "Wait until it is awake, then ask again.";
            return Err(Problem::conflict("The app is waking up at this moment.", remedy));
        }
        Phase::Awake if !app.spec.is_routed() => {
            let detail = "The app has no address: no request could wake it.";
            return Err(Problem::conflict(detail, "Give it a route, or delete the project."));
        }
        Phase::Awake => {
            home.apps().want_asleep(&app).await?.ok_or_else(Problem::not_found)?;
            permit.backend.ask_for_a_sweep(&home.home.cluster).await?;
        }
        Phase::Draining | Phase::Asleep | Phase::Failed => {}
    }
    let aim = Aim::Deactivate { epoch: status.epoch };
    let entry = ("app.deactivated", format!("{project} is wanted asleep"));
    permit.backend.begin_operation(&permit.caller, (tenant, project), aim, entry).await
}

/// Keeps an app awake for a time
///
/// For a sleeping app this wakes nothing: `activate` does.
#[utoipa::path(put, path = "/api/users/{userId}/projects/{projectId}/keep-awake", tag = "apps",
    operation_id = "KeepAwake", params(("userId" = String, Path), ("projectId" = String, Path)),
    request_body = AwakeUntil,
    responses((status = 200, body = AwakeUntil), (status = "default", body = Problem)))]
async fn keep_awake(permit: Permit<KeepAwake>, Input(wish): Input<AwakeUntil>) -> Answered<AwakeUntil> {
    let OfProject { tenant, project } = &permit.subject;
    if wish.until.is_some_and(|until| until > Timestamp::now() + LONGEST) {
        return Err(Problem::input("until", "no app is kept awake for more than a week at once"));
    }
    let record = permit.backend.lasting_project(&permit.subject).await?;
    let home = permit.home().await?;
    app_of(&home, &record).await?;
    let kept = home.apps().keep_awake((&home.namespace(), project.as_str()), wish.until).await?;
    kept.ok_or_else(Problem::not_found)?;
    let reason = match wish.until {
        Some(until) => format!("{project} is kept awake until {until}"),
        None => format!("{project} is no longer kept awake"),
    };
    let entry = HistoryEntry::now("app.keep-awake", "api", reason).by(permit.caller.to_string()).about(project);
    permit.backend.base.table.record(Some(tenant), &entry).await?;
    Ok(Answer::ok(wish))
}

/// The app of a project that has one.
async fn app_of(home: &UserHome, project: &Project) -> Result<App, Problem> {
    let remedy = if project.agent.is_some() { "Activate it first." } else { "Upload an archive first." };
    let missing = || Problem::conflict("Nothing of this project was rolled out yet.", remedy);
    home.app(&project.name).await?.ok_or_else(missing)
}

impl Backend {
    /// Otherwise the owner would wait for the schedule.
    async fn ask_for_a_sweep(&self, cluster: &ClusterName) -> Result<(), Problem> {
        let message = json!({"task": "sweep-idle", "cluster": cluster}).to_string();
        Ok(self.sweeps.send_later(message, Duration::ZERO).await?)
    }
}
