//! The table follows the cluster's Apps.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::{StreamExt, pin_mut};
use kube::runtime::WatchStreamExt;
use kube::runtime::watcher::{Config, Event, watcher};
use kube::{Api, Client};
use roost_cluster::app::App;
use roost_domain::app::Phase;

use super::{AppId, HostTable};
use crate::session::Sessions;

/// Whoever woke an app takes care of it, unless that process has ended.
const ADOPTION: Duration = Duration::from_secs(3);

/// Follows all Apps for ever; `is_synced` tells once all were read.
pub async fn follow(client: Client, sessions: Arc<Sessions>, is_synced: Arc<AtomicBool>) {
    let table = Arc::clone(sessions.hosts());
    let events = watcher(Api::<App>::all(client), Config::default()).default_backoff();
    pin_mut!(events);
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => take_in(event, &table, &sessions, &is_synced),
            Err(error) => tracing::warn!(%error, "the watch on apps is interrupted"),
        }
    }
}

fn take_in(event: Event<App>, table: &Arc<HostTable>, sessions: &Arc<Sessions>, is_synced: &AtomicBool) {
    match event {
        Event::Init => table.begin_reading(),
        Event::InitApply(app) | Event::Apply(app) => {
            table.learn(&app);
            adopt(&app, table, sessions);
            sessions.tell(app);
        }
        Event::InitDone => {
            table.end_reading();
            is_synced.store(true, Ordering::Release);
        }
        Event::Delete(app) => {
            let id = AppId::of(&app);
            table.forget(&id);
            sessions.tell_gone(&id);
        }
    }
}

/// An app that was waking when its waker ended would wait for its next visitor, or for the sweep.
fn adopt(app: &App, table: &Arc<HostTable>, sessions: &Arc<Sessions>) {
    if app.standing().phase != Phase::Waking {
        return;
    }
    let (id, routes, table, sessions) =
        (AppId::of(app), app.spec.routes.clone().into(), Arc::clone(table), Arc::clone(sessions));
    tokio::spawn(async move {
        tokio::time::sleep(ADOPTION).await;
        let is_waking = table.look(&id).is_some_and(|listed| listed.phase == Phase::Waking);
        if is_waking && sessions.look(&id).is_none() {
            drop(sessions.attend(&id, &routes, None));
        }
    });
}
