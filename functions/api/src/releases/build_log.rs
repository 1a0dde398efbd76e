//! How a release was built, or is being built, from any line on; whoever follows it asks for what comes next.

use std::time::Duration;

use roost_aws::objects::ObjectKey;
use roost_domain::release::{Release, ReleaseNumber};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::time::{Instant, sleep};
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Answer, Answered};
use crate::backend::Backend;
use crate::gate::{Named, OfProject, Permit, asked};
use crate::input::Parameters;
use crate::problem::Problem;

/// The logs of builds are cut long before.
const LONGEST_LOG: u64 = 64 * 1024 * 1024;
/// One answer has at most so many lines, and bytes.
const MOST_LINES: usize = 2_000;
const MOST_BYTES: usize = 2 * 1024 * 1024;
const LONGEST_WAIT: u64 = 20;
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

asked! { ReadReleaseLogs: OfProject }

/// Which part of the log is meant.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Part {
    /// How many lines to pass over: the `next` of the answer before.
    #[serde(default)]
    from: usize,
    /// How many seconds to wait for a line if there is none, at most 20.
    #[serde(default)]
    #[param(maximum = 20)]
    wait: u64,
}

/// A part of a build's log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BuildLog {
    /// Its lines: what happened, each with `at`, `kind` and, if it is about one, `component`.
    #[schema(value_type = Vec<Object>)]
    lines: Vec<Value>,
    /// What to send as `from` for what follows.
    next: usize,
    /// Whether nothing more will come.
    is_complete: bool,
}

/// How a release was built
///
/// To follow a build, ask again with `from` and `wait` until `is_complete`.
#[utoipa::path(get, path = "/api/users/{userId}/projects/{projectId}/releases/{release}/logs", tag = "releases",
    operation_id = "ReadReleaseLogs",
    params(("userId" = String, Path), ("projectId" = String, Path), ("release" = String, Path), Part),
    responses((status = 200, body = BuildLog), (status = "default", body = Problem)))]
pub(super) async fn read(
    permit: Permit<ReadReleaseLogs>,
    Named(number): Named<ReleaseNumber>,
    Parameters(part): Parameters<Part>,
) -> Answered<BuildLog> {
    let Part { from, wait } = part;
    if wait > LONGEST_WAIT {
        return Err(Problem::input("wait", format!("wait for at most {LONGEST_WAIT} seconds, then ask again")));
    }
    let deadline = Instant::now() + Duration::from_secs(wait);
    loop {
        let release = permit.backend.release(&permit.subject, number).await?;
        let log = permit.backend.build_log(&release, from).await?;
        if !log.lines.is_empty() || log.is_complete || Instant::now() >= deadline {
            return Ok(Answer::ok(log));
        }
        sleep(BETWEEN_LOOKS).await;
    }
}

impl Backend {
    async fn build_log(&self, release: &Release, from: usize) -> Result<BuildLog, Problem> {
        let (tenant, project, number) = (&release.tenant, &release.project, release.number);
        let whole = self.objects.read(&ObjectKey::build_log(tenant, project, number), LONGEST_LOG).await?;
        let is_whole = whole.is_some();
        let log = match whole {
            Some(whole) => Some(whole),
            None => self.objects.read(&ObjectKey::live_log(tenant, project, number), LONGEST_LOG).await?,
        };
        let mut log = BuildLog::of(&String::from_utf8_lossy(&log.unwrap_or_default()), from);
        log.is_complete &= is_whole || release.state.is_terminal();
        Ok(log)
    }
}

impl BuildLog {
    /// The lines from there on, as many as fit; complete if none is left out.
    fn of(text: &str, from: usize) -> Self {
        let (mut lines, mut bytes, mut next) = (Vec::new(), 0, from);
        for line in text.lines().skip(from) {
            bytes += line.len();
            if lines.len() >= MOST_LINES || bytes > MOST_BYTES {
                return Self { lines, next, is_complete: false };
            }
            // A line is written whole; one that cannot be read is not shown.
            lines.extend(serde_json::from_str::<Value>(line));
            next += 1;
        }
        Self { lines, next, is_complete: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_goes_on_where_it_was_left() {
        let lines: Vec<_> = (0..2_500).map(|line| format!("{{\"step\": {line}}}")).collect();
        let text = lines.join("\n");
        let first = BuildLog::of(&text, 0);
        assert_eq!((first.lines.len(), first.next, first.is_complete), (2_000, 2_000, false));
        let second = BuildLog::of(&text, first.next);
        assert_eq!((second.lines.len(), second.next, second.is_complete), (500, 2_500, true));
        assert_eq!(second.lines[0]["step"], 2_000);
        assert!(BuildLog::of(&text, second.next).lines.is_empty());
    }
}
