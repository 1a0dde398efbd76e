//! Tokens for agents and other programs.

use askama::Template;
use axum::extract::Path;
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Form, Router};
use jiff::Timestamp;
use roost_client::{CreatedToken, NewToken, Project, Token};
use roost_domain::naming::ProjectName;
use serde::Deserialize;

use crate::console::Console;
use crate::failure::Failure;
use crate::page::{Frame, Section, Shown, show};
use crate::session::Session;
use crate::words;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/console/tokens", get(list).post(create)).route("/console/tokens/{token}/revoke", post(revoke))
}

#[derive(Template)]
#[template(path = "tokens.html")]
struct TokensPage {
    frame: Frame,
    tokens: Vec<Token>,
    projects: Vec<Project>,
    /// The one that has just been made: it is shown this once.
    created: Option<CreatedToken>,
}

#[derive(Deserialize)]
struct Wish {
    name: String,
    /// Empty for all.
    #[serde(default)]
    project: String,
    days: u16,
}

async fn list(session: Session) -> Shown {
    show(&page(&session, None).await?)
}

/// Answers with the page itself: after a redirect the secret would have to be kept somewhere.
async fn create(session: Session, Form(wish): Form<Wish>) -> Shown {
    let project = match wish.project.as_str() {
        "" => None,
        name => Some(ProjectName::parse(name).map_err(|error| Failure::Form(error.to_string()))?),
    };
    let new = NewToken { name: wish.name.trim().to_owned(), project, days: Some(wish.days) };
    let created = session.account.create_token(&new).await?;
    show(&page(&session, Some(created)).await?)
}

async fn revoke(session: Session, Path(token): Path<String>) -> Result<Redirect, Failure> {
    session.account.revoke_token(&token).await?;
    Ok(Redirect::to("/console/tokens"))
}

async fn page(session: &Session, created: Option<CreatedToken>) -> Result<TokensPage, Failure> {
    let (tokens, projects) = (session.account.tokens().await?, session.account.projects().await?);
    Ok(TokensPage { frame: session.frame(Section::Tokens).await?, tokens, projects, created })
}

fn used(token: &Token) -> String {
    words::ago(token.last_used_at)
}

fn until(at: &Timestamp) -> String {
    roost_client::until(*at)
}
