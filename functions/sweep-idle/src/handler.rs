//! A message of the schedule becomes one for each cluster; one for a cluster is a look at all its apps.

use std::time::Duration;

use roost_domain::fault::{Classified, Fault};
use roost_domain::naming::ClusterName;
use roost_runtime::{Platform, Unhandled};
use serde::{Deserialize, Serialize};
use tracing::{error, info, instrument, warn};

use crate::failure::SweepFailure;
use crate::settings::Settings;
use crate::sweep::{Outcome, sweep};

/// While something is on its way to sleep it is looked at this often.
const SOON: Duration = Duration::from_secs(10);
/// After so many looks in a row the schedule's next message is there.
const LOOKS: u32 = 5;

/// What is in the queue.
#[derive(Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "kebab-case")]
enum Message {
    SweepIdle {
        /// The one to look at; absent in what the schedule sends.
        #[serde(default)]
        cluster: Option<ClusterName>,
        /// How many looks went before this one.
        #[serde(default)]
        looks: u32,
    },
}

/// Handles a message.
pub(crate) async fn handle(platform: Platform, settings: Settings, body: String) -> Result<(), Unhandled> {
    match serde_json::from_str(&body) {
        Ok(Message::SweepIdle { cluster: Some(cluster), looks }) => {
            if look(&platform, settings, &cluster).await? && looks < LOOKS {
                return send(&platform, cluster, looks + 1, SOON).await;
            }
            Ok(())
        }
        Ok(Message::SweepIdle { cluster: None, .. }) => {
            for cluster in platform.clusters.list().await.map_err(unhandled)?.iter() {
                send(&platform, cluster.name.clone(), 0, Duration::ZERO).await?;
            }
            Ok(())
        }
        Err(error) => {
            warn!(%error, "message refused");
            let reason = format!("this queue takes {{\"task\": \"sweep-idle\"}} only: {error}");
            platform.dead_letters.set_aside(body, &reason).await.map_err(unhandled)
        }
    }
}

/// Whether there is a reason to look again soon.
#[instrument(skip_all, fields(%cluster))]
async fn look(platform: &Platform, settings: Settings, cluster: &ClusterName) -> Result<bool, Unhandled> {
    let swept = match platform.clusters.client(cluster).await {
        Ok(client) => sweep(client, settings).await,
        Err(error) => Err(SweepFailure::from(error)),
    };
    match swept {
        Ok(Outcome { looked_at, taken_on, failed, on_their_way }) => {
            info!(looked_at, taken_on, failed, on_their_way, "apps looked at");
            Ok(on_their_way > 0)
        }
        Err(failure) if failure.fault() == Fault::Ours => Err(unhandled(failure)),
        // Nothing sleeps that should not, and the schedule comes again.
        Err(failure) => {
            warn!(error = %failure, "apps were not looked at");
            Ok(false)
        }
    }
}

async fn send(platform: &Platform, cluster: ClusterName, looks: u32, delay: Duration) -> Result<(), Unhandled> {
    let message = Message::SweepIdle { cluster: Some(cluster), looks };
    let body = serde_json::to_string(&message).map_err(unhandled)?;
    platform.queue.send_later(body, delay).await.map_err(unhandled)
}

fn unhandled(error: impl std::fmt::Display) -> Unhandled {
    error!(%error, "the message is tried again");
    Unhandled
}
