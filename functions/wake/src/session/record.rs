//! An Event on the App for each wake: its owner sees who woke it, and how long that took.

use std::time::Duration;

use kube::runtime::events::{Event, EventType, Recorder, Reporter};
use kube::{Client, Resource};
use roost_cluster::app::App;

/// The API server takes 1024 bytes.
const LONGEST_NOTE: usize = 250;
const REPORTER: &str = "roost-wake";

/// Writes that an app has woken up. It is for people: without it nothing else is wrong.
pub(super) async fn woke(client: &Client, app: &App, took: Duration) {
    let standing = app.standing();
    let client_class = standing.cause.client.as_deref().map_or_else(String::new, |class| format!(" ({class})"));
    let note = format!("Awake after {:.1} s: {}{client_class}.", took.as_secs_f64(), standing.cause.detail);
    write(client, app, EventType::Normal, "Woke", note).await;
}

/// Writes that an app did not wake up.
pub(super) async fn failed(client: &Client, app: &App) {
    let message = app.standing().wake.and_then(|wake| wake.message).unwrap_or_default();
    write(client, app, EventType::Warning, "WakeFailed", message).await;
}

async fn write(client: &Client, app: &App, type_: EventType, reason: &str, note: String) {
    let reporter = Reporter { controller: REPORTER.to_owned(), instance: std::env::var("HOSTNAME").ok() };
    let note = note.chars().take(LONGEST_NOTE).collect();
    let event =
        Event { type_, reason: reason.to_owned(), note: Some(note), action: "Wake".to_owned(), secondary: None };
    let written = Recorder::new(client.clone(), reporter).publish(&event, &app.object_ref(&())).await;
    if let Err(error) = written {
        tracing::warn!(app = app.name(), %error, "an event could not be written");
    }
}
