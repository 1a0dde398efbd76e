//! How an app is, in plain words: where it stands, why it does not sleep, and what is in its way.

use jiff::Timestamp;
use roost_cluster::app::App;
use roost_cluster::deployment::ClusterWarning;
use roost_domain::app::{AppStatus, Phase};
use roost_domain::release::Project;
use roost_domain::release::observation::{RollOutFailure, RollOutFailureReason, Verdict};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered};
use crate::cost::CostToday;
use crate::gate::{Gate, OfProject, Permit, asked};
use crate::homes::UserHome;
use crate::problem::Problem;
use crate::settings::ApiSettings;

/// An app is awake from the moment on in which its first release is applied.
const FIRST_RELEASE: &str = "Its first release is being rolled out.";

asked! { ReadStatus: OfProject }

pub(crate) fn routes() -> OpenApiRouter<Gate> {
    OpenApiRouter::new().routes(routes!(read))
}

/// How an app is.
#[derive(Debug, Serialize, ToSchema)]
struct Status {
    /// `Awake`, `Draining`, `Asleep`, `Waking` or `Failed`; `None` while nothing was ever rolled out.
    phase: &'static str,
    /// The same in a sentence.
    detail: String,
    /// The agent that it runs; absent for a project that archives are uploaded to.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    /// Since when it is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    /// What brought it there: `Request`, `Owner`, `Schedule`, `Idle`, `Release` or `Platform`, with a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Reason>,
    /// Where it is reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    /// The release that runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<String>,
    /// Whether a release is being rolled out.
    rolling_out: bool,
    /// Why it does not sleep although nobody asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    awake_because: Option<Reason>,
    /// Until when its owner keeps it awake.
    #[serde(skip_serializing_if = "Option::is_none")]
    keep_awake_until: Option<Timestamp>,
    /// When somebody was last seen to use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
    /// What it has cost today.
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_today: Option<CostToday>,
    /// How long waking takes, by the last ten times, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    wake_estimate_ms: Option<u64>,
    /// What is in its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<Failure>,
    /// What the cluster itself last warned of, while something is in its way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Warning>,
}

/// A warning of the cluster's, in its own words.
#[derive(Debug, Serialize, ToSchema)]
struct Warning {
    /// When it was last given.
    at: Timestamp,
    /// About which object.
    object: String,
    /// Kubernetes' own word for it, such as `FailedScheduling` or `BackOff`.
    reason: String,
    message: String,
    /// How often it was given.
    count: u32,
}

/// A reason: its name never changes.
#[derive(Debug, Serialize, ToSchema)]
struct Reason {
    reason: String,
    message: String,
}

/// What is in an app's way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Failure {
    /// One of a closed list: `image-pull`, `crash-loop`, `quota-exceeded` and so on.
    reason: String,
    /// The object it happens to.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    /// What happens.
    message: String,
    /// What to do about it.
    remedy: String,
    /// Whether it may still pass by itself.
    may_pass: bool,
}

/// How a project's app is
#[utoipa::path(get, path = "/api/users/{userId}/projects/{projectId}/status", tag = "apps",
    operation_id = "ReadStatus", params(("userId" = String, Path), ("projectId" = String, Path)),
    responses((status = 200, body = Status), (status = "default", body = Problem)))]
async fn read(permit: Permit<ReadStatus>) -> Answered<Status> {
    let OfProject { tenant, project } = &permit.subject;
    let record = permit.backend.project(tenant, project).await?;
    let home = permit.home().await?;
    let Some(app) = home.app(project).await? else { return Ok(Answer::ok(Status::of_nothing(&record))) };
    let failure = failure_of(&home, &app).await?;
    let warnings = if failure.is_some() { warnings_about(&home, &app).await? } else { Vec::new() };
    let status = Status::of(&record, &app, failure, &permit.backend.settings);
    Ok(Answer::ok(Status { warnings, ..status }))
}

/// What is known of a failure: of one that was, from the app's record; of one that is, from its workloads.
pub(crate) async fn failure_of(home: &UserHome, app: &App) -> Result<Option<Failure>, Problem> {
    let status = app.standing();
    if let Some(failed) = Failure::of_record(&status) {
        return Ok(Some(failed));
    }
    if status.phase.is_down() {
        return Ok(None);
    }
    Ok(match home.apps().verdict(app).await? {
        Verdict::Ready => None,
        Verdict::Failing(failure) => Some(Failure::of(failure, false)),
        Verdict::Waiting(failure) => Some(Failure::of(failure, true)),
    })
}

async fn warnings_about(home: &UserHome, app: &App) -> Result<Vec<Warning>, Problem> {
    let workloads: Vec<_> = app.spec.workloads.iter().map(|workload| workload.name.as_str()).collect();
    let warnings = home.deployment(&app.spec.project).warnings(&workloads).await?;
    Ok(warnings.into_iter().map(Warning::from).collect())
}

fn agent_of(project: &Project) -> Option<String> {
    project.agent.as_ref().map(|agent| agent.name.to_string())
}

impl From<ClusterWarning> for Warning {
    fn from(warning: ClusterWarning) -> Self {
        let ClusterWarning { at, object, reason, message, count } = warning;
        Self { at, object, reason, message, count }
    }
}

impl Status {
    fn of_nothing(project: &Project) -> Self {
        Self {
            phase: "None",
            agent: agent_of(project),
            detail: match project.agent {
                Some(_) => "The agent was not started yet: activate it.".to_owned(),
                None => "Nothing was rolled out yet: upload an archive.".to_owned(),
            },
            since: None,
            cause: None,
            address: None,
            release: None,
            rolling_out: false,
            awake_because: None,
            keep_awake_until: None,
            last_used_at: None,
            cost_today: None,
            wake_estimate_ms: None,
            failure: None,
            warnings: Vec::new(),
        }
    }

    fn of(project: &Project, app: &App, failure: Option<Failure>, settings: &ApiSettings) -> Self {
        let status = app.standing();
        Self {
            phase: status.phase.name(),
            agent: agent_of(project),
            detail: if project.live.is_some() { words(status.phase) } else { FIRST_RELEASE }.to_owned(),
            since: Some(status.since),
            cause: Some(Reason { reason: format!("{:?}", status.cause.kind), message: status.cause.detail.clone() }),
            address: app.spec.host.as_ref().map(|host| settings.url_of(host)),
            release: Some(app.spec.release.to_string()),
            rolling_out: status.rolling_out,
            awake_because: status
                .refusal
                .clone()
                .map(|refusal| Reason { reason: refusal.reason, message: refusal.message }),
            keep_awake_until: app.spec.keep_awake_until.filter(|until| *until > Timestamp::now()),
            last_used_at: status.idle.as_ref().map(|idle| idle.last_active),
            cost_today: Some(CostToday::of(app)),
            wake_estimate_ms: status.wake_estimate(),
            failure,
            warnings: Vec::new(),
        }
    }
}

impl Failure {
    /// What happens, with the reason's name.
    pub(crate) fn words(&self) -> String {
        match &self.place {
            Some(place) => format!("{place}: {} ({})", self.message, self.reason),
            None => format!("{} ({})", self.message, self.reason),
        }
    }

    /// What to do about it.
    pub(crate) fn remedy(&self) -> &str {
        &self.remedy
    }

    fn of(failure: RollOutFailure, may_pass: bool) -> Self {
        Self {
            reason: name(failure.reason),
            place: Some(failure.object),
            message: failure.message,
            remedy: failure.reason.remedy().to_owned(),
            may_pass,
        }
    }

    /// Why it last failed to wake.
    fn of_record(status: &AppStatus) -> Option<Self> {
        let wake = status.wake.as_ref().filter(|_| status.phase == Phase::Failed)?;
        let reason = wake.reason.clone()?;
        let known: Option<RollOutFailureReason> = serde_json::from_value(Value::String(reason.clone())).ok();
        Some(Self {
            reason,
            place: None,
            message: wake.message.clone().unwrap_or_default(),
            remedy: known.map_or("", RollOutFailureReason::remedy).to_owned(),
            may_pass: wake.next_attempt_at.is_some(),
        })
    }
}

fn name(reason: RollOutFailureReason) -> String {
    serde_json::to_value(reason).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn words(phase: Phase) -> &'static str {
    match phase {
        Phase::Awake => "It runs, and its address leads to it.",
        Phase::Draining => "Nobody uses it; it is about to fall asleep unless somebody comes.",
        Phase::Asleep => "It sleeps; the next request wakes it.",
        Phase::Waking => "It is waking up.",
        Phase::Failed => "It did not wake up; it is tried again when somebody asks for it.",
    }
}
