//! A project: how its app is, its releases, and what happened lately.

use askama::Template;
use axum::Router;
use axum::routing::get;
use roost_client::{AppStatus, Event, Operation, Project, Release};
use serde::Deserialize;

use crate::console::Console;
use crate::failure::Failure;
use crate::names::{Asked, Named};
use crate::page::{Frame, Section, Shown, show};
use crate::session::Session;
use crate::words::{self, Phase};

/// So many of each are shown.
const RELEASES: usize = 20;
const EVENTS: usize = 8;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/console/projects/{project}", get(read))
        .route("/console/projects/{project}/status", get(status))
        .route("/console/projects/{project}/releases", get(releases))
}

#[derive(Template)]
#[template(path = "project.html")]
struct ProjectPage {
    frame: Frame,
    project: Project,
    status: StatusPart,
    releases: ReleasesPart,
    events: Vec<Event>,
}

/// How the app is; asked for again and again.
#[derive(Template)]
#[template(path = "project_status.html")]
struct StatusPart {
    project: String,
    phase: Phase,
    status: AppStatus,
    /// What was asked for last, and how far it is.
    operation: Option<Operation>,
}

/// The releases; asked for again and again.
#[derive(Template)]
#[template(path = "project_releases.html")]
struct ReleasesPart {
    project: String,
    live: Option<String>,
    releases: Vec<Row>,
}

/// A release in the list.
struct Row {
    release: Release,
    state: Phase,
    /// Whether it can be gone back to.
    is_earlier: bool,
}

/// Which operation to tell of.
#[derive(Deserialize)]
struct About {
    #[serde(default)]
    operation: Option<String>,
}

async fn read(session: Session, named: Named, Asked(about): Asked<About>) -> Shown {
    let (account, name) = (&session.account, &named.project);
    let project = account.project(name).await?;
    let status = StatusPart::read(&session, &named, &about).await?;
    let releases = ReleasesPart::read(&session, &named, &project).await?;
    let events = account.events(Some(name), EVENTS).await?;
    show(&ProjectPage { frame: session.frame(Section::Projects).await?, project, status, releases, events })
}

async fn status(session: Session, named: Named, Asked(about): Asked<About>) -> Shown {
    show(&StatusPart::read(&session, &named, &about).await?)
}

async fn releases(session: Session, named: Named) -> Shown {
    let project = session.account.project(&named.project).await?;
    show(&ReleasesPart::read(&session, &named, &project).await?)
}

impl StatusPart {
    async fn read(session: &Session, named: &Named, about: &About) -> Result<Self, Failure> {
        let status = session.account.status(&named.project).await?;
        let operation = match &about.operation {
            Some(id) => Some(session.account.operation(id).await?),
            None => None,
        };
        let phase = Phase::of(Some(&status.phase), false);
        Ok(Self { project: named.project.to_string(), phase, status, operation })
    }

    /// What it is kept awake by, in addition to requests.
    fn kept_awake(&self) -> Option<String> {
        self.status.keep_awake_until.map(roost_client::until)
    }

    fn wakes_within(&self) -> Option<String> {
        self.status.wake_estimate_ms.map(words::duration)
    }

    fn can_wake(&self) -> bool {
        let is_new_agent = self.status.agent.is_some() && self.status.phase == "None";
        is_new_agent || matches!(self.status.phase.as_str(), "Asleep" | "Draining" | "Failed")
    }

    fn can_sleep(&self) -> bool {
        self.status.phase == "Awake" && self.status.address.is_some()
    }
}

impl ReleasesPart {
    async fn read(session: &Session, named: &Named, project: &Project) -> Result<Self, Failure> {
        let releases = session.account.releases(&named.project, RELEASES).await?;
        let row = |release: Release| Row {
            state: Phase::of_release(&release.state, release.has_ended),
            is_earlier: release.is_live() && Some(&release.id) != project.live.as_ref(),
            release,
        };
        let releases = releases.into_iter().map(row).collect();
        Ok(Self { project: named.project.to_string(), live: project.live.clone(), releases })
    }
}

impl Row {
    /// How long it took, once it has ended.
    fn took(&self) -> String {
        let Release { has_ended, created_at, updated_at, .. } = &self.release;
        if !has_ended {
            return String::new();
        }
        let took = updated_at.duration_since(*created_at).as_millis();
        words::duration(u64::try_from(took).unwrap_or_default())
    }

    /// What else there is to say in the list.
    fn remark(&self) -> String {
        let Release { queue, rolls_back_to, superseded_by, failure, findings, .. } = &self.release;
        let queue = queue.as_ref().map(|queue| format!("place {} in the queue", queue.position));
        let by = superseded_by.as_ref().map(|by| format!("by {by}"));
        let reason = failure.as_ref().map(|failure| failure.message.clone());
        let finding = findings.first().map(|finding| finding.message.clone());
        let back = rolls_back_to.as_ref().map(|to| format!("{to} again"));
        queue.or(by).or(reason).or(finding).or(back).unwrap_or_default()
    }
}

pub(crate) fn last_used(status: &AppStatus) -> String {
    words::ago(status.last_used_at)
}
