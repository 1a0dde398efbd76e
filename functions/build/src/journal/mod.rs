//! Everything that happens: printed at once, put into the storage every few seconds, and put there whole in the end.

mod capped_log;

use std::io::{self, Write};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Client;
use roost_domain::build::{BUILD_LOG_TYPE, BuildEvent, Happening, SignedUrl, Uploads};
use roost_domain::naming::ComponentName;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::http::{self, HttpError};
use capped_log::CappedLog;

/// A changed log is put so often.
const PERIOD: Duration = Duration::from_secs(5);
/// An unchanged one too: who reads it then knows that the build lives.
const LONGEST_SILENCE: Duration = Duration::from_secs(30);

/// Takes events from all components.
#[derive(Clone)]
pub(crate) struct Journal {
    events: UnboundedSender<BuildEvent>,
}

/// The other end: ends when all journals are dropped.
pub(crate) struct Keeper {
    log: JoinHandle<CappedLog>,
    client: Client,
    place: SignedUrl,
}

impl Journal {
    pub(crate) fn start(client: Client, uploads: &Uploads) -> (Self, Keeper) {
        let (events, received) = unbounded_channel();
        let log = tokio::spawn(keep(received, client.clone(), uploads.live_log.clone()));
        (Self { events }, Keeper { log, client, place: uploads.log.clone() })
    }

    pub(crate) fn record(&self, component: Option<&ComponentName>, at: Timestamp, what: Happening) {
        // The keeper outlives every journal.
        let _ = self.events.send(BuildEvent { at, component: component.cloned(), what });
    }

    pub(crate) fn note(&self, text: impl Into<String>) {
        self.record(None, Timestamp::now(), Happening::Note { text: text.into() });
    }
}

impl Keeper {
    /// Puts the whole log in its place.
    pub(crate) async fn finish(self) -> Result<(), HttpError> {
        let log = self.log.await.unwrap_or_default();
        http::put(&self.client, &self.place, BUILD_LOG_TYPE, log.content()).await
    }
}

async fn keep(mut received: UnboundedReceiver<BuildEvent>, client: Client, place: SignedUrl) -> CappedLog {
    let mut log = CappedLog::default();
    let mut upload: Option<JoinHandle<()>> = None;
    let (mut changed, mut last) = (false, Instant::now());
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            event = received.recv() => match event {
                Some(event) => {
                    log.push(print(&event));
                    changed = true;
                }
                None => return log,
            },
            _ = ticks.tick() => {
                let is_due = changed || last.elapsed() >= LONGEST_SILENCE;
                if is_due && upload.as_ref().is_none_or(JoinHandle::is_finished) {
                    upload = Some(tokio::spawn(put_live(client.clone(), place.clone(), log.content())));
                    (changed, last) = (false, Instant::now());
                }
            }
        }
    }
}

/// The next one comes soon; a live log is no reason to fail.
async fn put_live(client: Client, place: SignedUrl, content: Vec<u8>) {
    if let Err(error) = http::put(&client, &place, BUILD_LOG_TYPE, content).await {
        eprintln!("the live log was not put: {error}");
    }
}

fn print(event: &BuildEvent) -> String {
    let line = serde_json::to_string(event).unwrap_or_default();
    // Whoever followed the output may be gone.
    let _ = writeln!(io::stdout(), "{line}");
    line
}
