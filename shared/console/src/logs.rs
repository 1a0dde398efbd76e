//! What an app prints, line by line as it prints it.

use askama::Template;
use axum::Router;
use axum::routing::get;
use jiff::Timestamp;
use roost_client::{AppLogs, LogLine};
use serde::Deserialize;

use crate::console::Console;
use crate::names::{Asked, Named};
use crate::page::{Frame, Section, Shown, show};
use crate::session::Session;

/// At first so many lines of each container are shown.
const TAIL: u32 = 200;
/// In seconds: so long an answer waits for a line.
const PATIENCE: u32 = 5;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/console/projects/{project}/logs", get(read))
        .route("/console/projects/{project}/logs/lines", get(lines))
}

#[derive(Template)]
#[template(path = "logs.html")]
struct LogsPage {
    frame: Frame,
    project: String,
    previous: bool,
    part: LinesPart,
}

/// Some lines, and where the next ones come from.
#[derive(Template)]
#[template(path = "logs_lines.html")]
struct LinesPart {
    lines: Vec<LogLine>,
    /// Absent for what was printed before the containers were last started again: there will be no more.
    next: Option<String>,
}

#[derive(Deserialize)]
struct Which {
    /// What was printed before the containers were last started again.
    #[serde(default)]
    previous: bool,
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    since: Option<Timestamp>,
}

async fn read(session: Session, named: Named, Asked(which): Asked<Which>) -> Shown {
    let part = roost_client::LogPart { previous: which.previous, tail: Some(TAIL), ..roost_client::LogPart::default() };
    let logs = session.account.logs(&named.project, &part).await?;
    let mut part = LinesPart::of(&named, logs, None);
    part.next = part.next.filter(|_| !which.previous);
    let (frame, project) = (session.frame(Section::Projects).await?, named.project.to_string());
    show(&LogsPage { frame, project, previous: which.previous, part })
}

async fn lines(session: Session, named: Named, Asked(after): Asked<After>) -> Shown {
    let since = after.since;
    let tail = since.is_none().then_some(TAIL);
    let part = roost_client::LogPart { since, tail, wait: PATIENCE, ..roost_client::LogPart::default() };
    show(&LinesPart::of(&named, session.account.logs(&named.project, &part).await?, since))
}

impl LinesPart {
    fn of(named: &Named, logs: AppLogs, since: Option<Timestamp>) -> Self {
        let place = format!("/console/projects/{}/logs/lines", named.project);
        let next = match logs.next.or(since) {
            Some(since) => format!("{place}?since={since}"),
            None => place,
        };
        Self { lines: logs.lines, next: Some(next) }
    }
}

pub(crate) fn clock(at: &Timestamp) -> String {
    format!("{at:.0}")
}
