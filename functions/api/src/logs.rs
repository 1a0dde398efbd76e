//! What an app prints, now and before it was last started again; whoever follows it asks for what comes next.

use std::time::Duration;

use jiff::Timestamp;
use roost_cluster::deployment::{PrintedLine, Section};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::answer::{Answer, Answered};
use crate::gate::{Gate, OfProject, Permit, asked};
use crate::input::Parameters;
use crate::problem::Problem;

const USUAL_TAIL: u32 = 200;
const MOST_TAIL: u32 = 2_000;
const LONGEST_WAIT: u64 = 20;
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

asked! { ReadLogs: OfProject }

pub(crate) fn routes() -> OpenApiRouter<Gate> {
    OpenApiRouter::new().routes(routes!(read))
}

/// Which part of the log is meant.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Part {
    /// Whether what was printed before the containers were last started again is meant.
    #[serde(default)]
    previous: bool,
    /// Only what was printed after this time: the `next` of the answer before.
    since: Option<Timestamp>,
    /// The last lines of each container, 1 to 2000; 200 if absent.
    #[param(minimum = 1, maximum = 2000)]
    tail: Option<u32>,
    /// How many seconds to wait for a line if there is none, at most 20.
    #[serde(default)]
    #[param(maximum = 20)]
    wait: u64,
}

/// A part of what an app prints.
#[derive(Debug, Serialize, ToSchema)]
struct Logs {
    /// By time.
    lines: Vec<Line>,
    /// What to send as `since` for what follows; absent while nothing was printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Timestamp>,
}

/// A line that a container printed.
#[derive(Debug, Serialize, ToSchema)]
struct Line {
    at: Timestamp,
    pod: String,
    container: String,
    text: String,
}

impl From<PrintedLine> for Line {
    fn from(PrintedLine { at, pod, container, text }: PrintedLine) -> Self {
        Self { at, pod, container, text }
    }
}

/// What an app prints
///
/// To follow it, ask again with `since` and `wait`. What sleeps prints nothing, and what it printed before is gone with
/// its pods.
#[utoipa::path(get, path = "/api/users/{userId}/projects/{projectId}/logs", tag = "apps",
    operation_id = "ReadLogs", params(("userId" = String, Path), ("projectId" = String, Path), Part),
    responses((status = 200, body = Logs), (status = "default", body = Problem)))]
async fn read(permit: Permit<ReadLogs>, Parameters(part): Parameters<Part>) -> Answered<Logs> {
    let OfProject { tenant, project } = &permit.subject;
    let (section, wait) = part.checked()?;
    permit.backend.project(tenant, project).await?;
    let deployment = permit.home().await?.deployment(project);
    let deadline = Instant::now() + wait;
    loop {
        let lines = deployment.printed(&section).await?;
        if !lines.is_empty() || Instant::now() >= deadline {
            return Ok(Answer::ok(Logs::of(lines, section.after)));
        }
        sleep(BETWEEN_LOOKS).await;
    }
}

impl Part {
    fn checked(self) -> Result<(Section, Duration), Problem> {
        let tail = self.tail.unwrap_or(USUAL_TAIL);
        if !(1..=MOST_TAIL).contains(&tail) {
            return Err(Problem::input("tail", format!("{tail} is not a number from 1 to {MOST_TAIL}")));
        }
        if self.wait > LONGEST_WAIT {
            return Err(Problem::input("wait", format!("wait for at most {LONGEST_WAIT} seconds, then ask again")));
        }
        Ok((Section { previous: self.previous, after: self.since, tail }, Duration::from_secs(self.wait)))
    }
}

impl Logs {
    fn of(lines: Vec<PrintedLine>, after: Option<Timestamp>) -> Self {
        let next = lines.last().map(|line| line.at).or(after);
        Self { lines: lines.into_iter().map(Line::from).collect(), next }
    }
}
