//! An Event on the App for each step that its owner may wonder about.

use kube::runtime::events::{Event, EventType, Recorder, Reporter};
use kube::{Client, Resource};
use roost_cluster::app::App;
use tracing::warn;

/// The API server takes 1024 bytes.
const LONGEST_NOTE: usize = 250;
const REPORTER: &str = "roost-sweep-idle";

/// Writes that an app has fallen asleep, and why.
pub(crate) async fn fell_asleep(client: &Client, app: &App) {
    let standing = app.standing();
    let pods: u32 = standing.saved.iter().map(|saved| saved.replicas).sum();
    write(client, app, "FellAsleep", format!("Asleep, with {pods} to come back: {}.", standing.cause.detail)).await;
}

/// Writes that an app which was about to sleep does not.
pub(crate) async fn stays_awake(client: &Client, app: &App) {
    write(client, app, "StaysAwake", app.standing().cause.detail).await;
}

/// It is for people: without it nothing else is wrong.
async fn write(client: &Client, app: &App, reason: &str, note: String) {
    let reporter = Reporter { controller: REPORTER.to_owned(), instance: None };
    let note = Some(note.chars().take(LONGEST_NOTE).collect());
    let (type_, action) = (EventType::Normal, "Sleep".to_owned());
    let event = Event { type_, reason: reason.to_owned(), note, action, secondary: None };
    if let Err(error) = Recorder::new(client.clone(), reporter).publish(&event, &app.object_ref(&())).await {
        warn!(app = app.name(), %error, "an event could not be written");
    }
}
