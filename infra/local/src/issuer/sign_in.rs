//! Somebody says who they are, and goes back with a code.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use reqwest::Url;
use serde::Deserialize;

use super::journeys::Journey;
use super::people::{self, Person};
use super::{AUDIENCE, Issuer, id_of};
use crate::install::api_front;

/// More do not fit on the page.
const SHOWN: i32 = 30;

/// What comes with the browser (<https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1>).
#[derive(Deserialize)]
pub(super) struct Question {
    client_id: String,
    redirect_uri: String,
    state: String,
    code_challenge: String,
    code_challenge_method: String,
    /// The name or the id of whoever it is.
    #[serde(default)]
    login_hint: Option<String>,
}

#[derive(Template)]
#[template(path = "sign-in.html")]
struct Page<'a> {
    /// Each with where it leads.
    people: Vec<(Person, String)>,
    question: &'a Question,
}

pub(super) async fn answer(State(issuer): State<Issuer>, uri: Uri, Query(question): Query<Question>) -> Response {
    if let Some(refusal) = question.refusal(&api_front::address(&issuer.instance)) {
        return (StatusCode::BAD_REQUEST, refusal).into_response();
    }
    let answer = match &question.login_hint {
        Some(who) => issuer.send_back(&question, who).await,
        None => issuer.ask(&question, &uri).await,
    };
    answer.unwrap_or_else(|error| (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}")).into_response())
}

impl Question {
    /// A code goes to the console alone.
    fn refusal(&self, console: &str) -> Option<&'static str> {
        if self.client_id != AUDIENCE {
            return Some("the client is not known");
        }
        if console.is_empty() || self.redirect_uri != format!("{console}/console/signed-in") {
            return Some("nobody is sent back to that place");
        }
        (self.code_challenge_method != "S256").then_some("the challenge has to be made by S256")
    }
}

impl Issuer {
    async fn ask(&self, question: &Question, uri: &Uri) -> anyhow::Result<Response> {
        let people = people::first(&self.instance, SHOWN).await?.into_iter();
        let people = people.map(|person| (format!("{uri}&login_hint={}", person.id), person));
        let page = Page { people: people.map(|(place, person)| (person, place)).collect(), question };
        Ok(Html(page.render()?).into_response())
    }

    async fn send_back(&self, question: &Question, who: &str) -> anyhow::Result<Response> {
        let code = self.journeys.begin(Journey {
            user: id_of(&self.instance, who).await?,
            returns_to: question.redirect_uri.clone(),
            challenge: question.code_challenge.clone(),
        });
        let mut place = Url::parse(&question.redirect_uri)?;
        place.query_pairs_mut().append_pair("code", &code).append_pair("state", &question.state);
        Ok((StatusCode::SEE_OTHER, [(header::LOCATION, place.to_string())]).into_response())
    }
}
