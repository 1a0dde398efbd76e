//! One tick of the schedule: as many releases as a run can look after, and word to come back if there are more.

use std::collections::HashMap;
use std::time::Duration;

use futures::{StreamExt, stream};
use jiff::Timestamp;
use roost_domain::fault::{Classified, Fault};
use roost_domain::release::Release;
use roost_releases::{ReleasePlatform, TenantHome, hand_out_turns};
use roost_runtime::Unhandled;
use serde::Deserialize;
use tracing::{error, info, instrument, warn};

use crate::looking_after::look_after;

/// What one run takes on: at some 50 ms each, eight at a time, far less than a run's 30 s.
const MOST_PER_RUN: i32 = 200;
const AT_ONCE: usize = 8;

/// What the schedule sends.
#[derive(Deserialize)]
#[serde(tag = "task", rename_all = "kebab-case")]
enum Tick {
    ReconcileReleases,
}

/// Handles a message of the schedule.
pub(crate) async fn handle(platform: ReleasePlatform, body: String) -> Result<(), Unhandled> {
    if let Err(error) = serde_json::from_str::<Tick>(&body) {
        warn!(%error, "message refused");
        let reason = format!("this queue takes {{\"task\": \"reconcile-releases\"}} only: {error}");
        return platform.base.dead_letters.set_aside(body, &reason).await.map_err(unhandled);
    }
    let due = platform.base.table.releases_due(Timestamp::now(), MOST_PER_RUN).await.map_err(unhandled)?;
    let found = due.len();
    let looked_after = stream::iter(due).map(|release| look_after_one(&platform, release));
    let homes: Vec<_> = looked_after.buffer_unordered(AT_ONCE).collect().await;
    let succeeded = homes.iter().flatten().count();
    for home in one_of_each_cluster(homes) {
        if let Err(failure) = hand_out_turns(&platform, &home).await {
            warn!(error = %failure, cluster = %home.cluster, "no turns were handed out");
        }
    }
    info!(found, succeeded, "releases looked after");
    let more = i32::try_from(found).is_ok_and(|found| found == MOST_PER_RUN);
    if more && succeeded > 0 {
        platform.base.queue.send_later(body, Duration::ZERO).await.map_err(unhandled)?;
    }
    Ok(())
}

fn one_of_each_cluster(homes: Vec<Option<TenantHome>>) -> impl Iterator<Item = TenantHome> {
    let by_cluster: HashMap<_, _> = homes.into_iter().flatten().map(|home| (home.cluster.clone(), home)).collect();
    by_cluster.into_values()
}

/// The place of the release's tenant, if the release could be looked after.
#[instrument(skip_all, fields(tenant = %release.tenant, release = release.title()))]
async fn look_after_one(platform: &ReleasePlatform, release: Release) -> Option<TenantHome> {
    match look_after(platform, &release).await {
        Ok((home, outcome)) => {
            info!(outcome, state = release.state.name(), "release looked after");
            home
        }
        Err(failure) if failure.fault() == Fault::Ours => {
            error!(error = %failure, "the release stays due");
            None
        }
        Err(failure) => {
            warn!(error = %failure, "the release stays due");
            None
        }
    }
}

fn unhandled(error: impl std::fmt::Display) -> Unhandled {
    error!(%error, "releases were not looked after");
    Unhandled
}
