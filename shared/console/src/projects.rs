//! All projects of whoever is signed in, and the begin of another one.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use futures::try_join;
use roost_client::{AllowedAgent, ClientError, Project};
use roost_domain::naming::ProjectName;
use serde::Deserialize;

use crate::console::Console;
use crate::failure::Failure;
use crate::page::{Frame, Section, Shown, show};
use crate::session::Session;
use crate::words::{self, Phase};

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/console", get(list).post(begin)).route("/console/projects", get(rows))
}

#[derive(Template)]
#[template(path = "projects.html")]
struct ProjectsPage {
    frame: Frame,
    projects: Vec<Row>,
    agents: Vec<AllowedAgent>,
    /// What was asked for and cannot be, with what is wrong.
    refused: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "projects_rows.html")]
struct Rows {
    projects: Vec<Row>,
}

/// A project in the list.
struct Row {
    project: Project,
    phase: Phase,
    last_used: String,
    cost: String,
}

#[derive(Deserialize)]
struct NewProject {
    id: String,
    /// Empty for a project that archives are uploaded to.
    #[serde(default)]
    agent: String,
}

async fn list(session: Session) -> Shown {
    show(&page(&session, None).await?)
}

async fn rows(session: Session) -> Shown {
    show(&Rows { projects: all(&session).await? })
}

async fn begin(session: Session, Form(new): Form<NewProject>) -> Result<Response, Failure> {
    let name = new.id.trim();
    let refused = match ProjectName::parse(name) {
        Err(error) => error.to_string(),
        Ok(project) => match begin_project(&session, &project, &new.agent).await {
            Ok(_) => return Ok(Redirect::to(&format!("/console/projects/{project}")).into_response()),
            Err(ClientError::Refused(problem)) if problem.status < 500 => {
                format!("{} {}", problem.detail, problem.remedy)
            }
            Err(error) => return Err(error.into()),
        },
    };
    Ok(show(&page(&session, Some((name.to_owned(), refused))).await?).into_response())
}

async fn begin_project(session: &Session, project: &ProjectName, agent: &str) -> Result<Project, ClientError> {
    if agent.is_empty() {
        session.account.begin(project).await
    } else {
        session.account.begin_with_agent(project, agent).await
    }
}

async fn page(session: &Session, refused: Option<(String, String)>) -> Result<ProjectsPage, Failure> {
    let agents = async { Ok(session.account.agents().await?) };
    let (frame, projects, agents) = try_join!(session.frame(Section::Projects), all(session), agents)?;
    Ok(ProjectsPage { frame, projects, agents, refused })
}

async fn all(session: &Session) -> Result<Vec<Row>, Failure> {
    let row = |project: Project| Row {
        phase: Phase::of(project.phase.as_deref(), project.is_leaving),
        last_used: words::ago(project.last_used_at),
        cost: words::cost(project.cost_today.as_ref()),
        project,
    };
    Ok(session.account.projects().await?.into_iter().map(row).collect())
}
