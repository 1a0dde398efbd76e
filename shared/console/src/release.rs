//! A release: how far it is, what is wrong with it, and how it was built, line by line as it happens.

use askama::Template;
use axum::Router;
use axum::routing::get;
use roost_client::{Component, Release};
use roost_domain::build::{BuildEvent, Happening};
use serde::Deserialize;

use crate::console::Console;
use crate::failure::Failure;
use crate::names::{Asked, Named};
use crate::page::{Frame, Section, Shown, show};
use crate::session::Session;
use crate::words::{self, Phase};

/// In seconds: so long an answer waits for a line.
const PATIENCE: u32 = 5;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/console/projects/{project}/releases/{release}", get(read))
        .route("/console/projects/{project}/releases/{release}/state", get(state))
        .route("/console/projects/{project}/releases/{release}/log", get(log))
}

#[derive(Template)]
#[template(path = "release.html")]
struct ReleasePage {
    frame: Frame,
    state: StatePart,
    log: LogPart,
}

/// How far the release is; asked for until it has ended.
#[derive(Template)]
#[template(path = "release_state.html")]
struct StatePart {
    project: String,
    release: Release,
    state: Phase,
}

/// Some lines, and where the next ones come from.
#[derive(Template)]
#[template(path = "release_log.html")]
struct LogPart {
    lines: Vec<Line>,
    /// Absent when there are no more.
    next: Option<String>,
}

/// A line, and by which class it is drawn.
struct Line {
    text: String,
    class: &'static str,
}

#[derive(Deserialize)]
struct From {
    #[serde(default)]
    from: usize,
}

async fn read(session: Session, named: Named) -> Shown {
    let state = StatePart::read(&session, &named).await?;
    let log = LogPart::read(&session, &named, (0, 0)).await?;
    show(&ReleasePage { frame: session.frame(Section::Projects).await?, state, log })
}

async fn state(session: Session, named: Named) -> Shown {
    show(&StatePart::read(&session, &named).await?)
}

async fn log(session: Session, named: Named, Asked(from): Asked<From>) -> Shown {
    show(&LogPart::read(&session, &named, (from.from, PATIENCE)).await?)
}

impl StatePart {
    async fn read(session: &Session, named: &Named) -> Result<Self, Failure> {
        let release = session.account.release(&named.project, named.release()?).await?;
        let state = Phase::of_release(&release.state, release.has_ended);
        Ok(Self { project: named.project.to_string(), release, state })
    }

    /// A component, and how it came to its image.
    fn words_for(&self, component: &Component) -> String {
        let time = component.built_in_ms.map(|time| format!(", built in {}", words::duration(time)));
        let earlier = component.built_by.as_ref().filter(|by| **by != self.release.id);
        let earlier = earlier.map(|by| format!(", as built by {by}"));
        [Some(component.name.clone()), time, earlier].into_iter().flatten().collect()
    }
}

impl LogPart {
    async fn read(session: &Session, named: &Named, part: (usize, u32)) -> Result<Self, Failure> {
        let (project, release) = (&named.project, named.release()?);
        let log = session.account.build_log((project, release), part).await?;
        let place = format!("/console/projects/{project}/releases/{release}/log?from={}", log.next);
        let read = |line| serde_json::from_value(line).ok();
        let lines = log.lines.into_iter().filter_map(read).filter_map(|event| Line::of(&event)).collect();
        Ok(Self { lines, next: (!log.is_complete).then_some(place) })
    }
}

impl Line {
    /// What a reader is told of an event; of some there is nothing to tell.
    fn of(event: &BuildEvent) -> Option<Self> {
        let (text, class) = match &event.what {
            Happening::Note { text } => (text.clone(), "note"),
            Happening::StepStarted { name, .. } => (name.clone(), "step"),
            Happening::StepFinished { name, cached: true, .. } => (format!("{name} (as before)"), "done"),
            Happening::StepFinished { name, ms, .. } => (format!("{name} ({})", words::duration(*ms)), "done"),
            Happening::StepFailed { name, text, .. } => (format!("{name}: {text}"), "bad"),
            Happening::Log { text, .. } => (text.clone(), "said"),
            Happening::Progress { .. } => return None,
            Happening::Built { ms, .. } => (format!("built in {}", words::duration(*ms)), "done"),
            Happening::Failed { text, .. } => (text.clone(), "bad"),
            Happening::Dropped { lines, .. } => (format!("{lines} lines are left out"), "note"),
        };
        let component = event.component.as_ref().map_or_else(String::new, |component| format!("{component}: "));
        Some(Self { text: format!("{component}{text}"), class })
    }
}
