//! Talking with a project's agent: what is said goes to the API as a message, and the answer is shown as it comes.

use askama::Template;
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use futures::stream::try_unfold;
use roost_client::{ClientError, Reply, words_of};
use serde::Deserialize;

use crate::console::Console;
use crate::failure::{Failure, refused};
use crate::names::Named;
use crate::page::{Frame, Section, Shown, show};
use crate::session::Session;

const TEXT: &str = "text/plain; charset=utf-8";

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/console/projects/{project}/chat", get(read).post(say))
        .route("/console/projects/{project}/chat/answer", post(answer))
}

#[derive(Template)]
#[template(path = "chat.html")]
struct ChatPage {
    frame: Frame,
    project: String,
    agent: String,
    said: Option<Said>,
}

/// What was said, and answered.
struct Said {
    text: String,
    answer: String,
}

#[derive(Deserialize)]
struct Message {
    text: String,
}

async fn read(session: Session, named: Named) -> Shown {
    page(&session, &named, None).await
}

/// Without scripts the page comes once the whole answer is there.
async fn say(session: Session, named: Named, Form(Message { text }): Form<Message>) -> Shown {
    let mut reply = session.account.say(&named.project, &text).await?;
    let mut answer = String::new();
    while let Some(words) = next_words(&mut reply).await? {
        answer.push_str(&words);
    }
    page(&session, &named, Some(Said { text, answer })).await
}

/// For the page's script: words, as they come.
async fn answer(session: Session, named: Named, Form(Message { text }): Form<Message>) -> Response {
    match session.account.say(&named.project, &text).await {
        Ok(reply) => ([(header::CONTENT_TYPE, TEXT)], streamed(reply)).into_response(),
        Err(error) => refused(error),
    }
}

async fn page(session: &Session, named: &Named, said: Option<Said>) -> Shown {
    let project = session.account.project(&named.project).await?;
    let agent = project.agent.ok_or(Failure::NotFound)?;
    show(&ChatPage { frame: session.frame(Section::Projects).await?, project: project.id, agent, said })
}

fn streamed(reply: Reply) -> Body {
    Body::from_stream(try_unfold(reply, |mut reply| async move {
        let words = next_words(&mut reply).await?;
        Ok::<_, ClientError>(words.map(|words| (words, reply)))
    }))
}

/// What comes next that is meant for people, with the end of its line.
async fn next_words(reply: &mut Reply) -> Result<Option<String>, ClientError> {
    while let Some(piece) = reply.next().await? {
        if let Some(words) = words_of(&piece) {
            return Ok(Some(words + "\n"));
        }
    }
    Ok(None)
}
