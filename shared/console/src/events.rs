//! Who did what, when and why.

use askama::Template;
use axum::Router;
use axum::routing::get;
use roost_client::Event;
use serde::Deserialize;

use crate::console::Console;
use crate::names::Asked;
use crate::page::{Frame, Section, Shown, show};
use crate::session::Session;

const FIRST: usize = 50;
/// Whoever wants to see more asks the API, a page at a time.
const MOST: usize = 1_000;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/console/events", get(list))
}

#[derive(Template)]
#[template(path = "events.html")]
struct EventsPage {
    frame: Frame,
    events: Vec<Event>,
    /// How many to ask for next, if there may be more.
    more: Option<usize>,
}

#[derive(Deserialize)]
struct Length {
    #[serde(default)]
    most: Option<usize>,
}

async fn list(session: Session, Asked(length): Asked<Length>) -> Shown {
    let most = length.most.unwrap_or(FIRST).clamp(1, MOST);
    let events = session.account.events(None, most).await?;
    let more = (events.len() == most && most < MOST).then(|| (most * 4).min(MOST));
    show(&EventsPage { frame: session.frame(Section::Events).await?, events, more })
}
