//! The console: pages on which people see what runs, and say what they want. It asks the API for everything, as its reader,
//! so it can show and do nothing that its reader could not.

mod actions;
mod assets;
mod chat;
mod console;
mod events;
mod failure;
mod logs;
mod names;
mod page;
mod plan;
mod project;
mod projects;
mod protection;
mod release;
mod session;
mod tokens;
mod uploads;
mod words;

pub use console::{Console, ConsoleSettings};

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Redirect;
use axum::routing::get;

/// The console's pages, below `/console`; the root leads there.
pub fn routes(console: Console) -> Router {
    let pages = Router::new()
        .merge(session::routes())
        .merge(projects::routes())
        .merge(project::routes())
        .merge(actions::routes())
        .merge(chat::routes())
        .merge(uploads::routes())
        .merge(release::routes())
        .merge(logs::routes())
        .merge(events::routes())
        .merge(tokens::routes())
        .merge(plan::routes())
        .layer(from_fn_with_state(console.clone(), protection::only_from_here))
        .layer(from_fn_with_state(console.clone(), protection::with_policy))
        .with_state(console);
    let assets = assets::routes().layer(from_fn(protection::without_guessing));
    Router::new().route("/", get(|| async { Redirect::to("/console") })).merge(pages).merge(assets)
}
