//! One tick of the schedule: as many due credentials as a run can do, and word to come back if there are more.

use std::time::Duration;

use futures::{StreamExt, stream};
use jiff::Timestamp;
use roost_domain::tenant::Tenant;
use roost_runtime::{Platform, Unhandled, report_event_to_effect};
use serde::Deserialize;
use tracing::{error, info, instrument, warn};

use crate::rotation::{self, Rotation};

/// What one run takes on: at some 50 ms each, eight at a time, far less than a run's 30 s.
const MOST_PER_RUN: i32 = 200;
const AT_ONCE: usize = 8;

/// What the schedule sends.
#[derive(Deserialize)]
#[serde(tag = "task", rename_all = "kebab-case")]
enum Tick {
    RotateDueCredentials,
}

/// Handles a message of the schedule.
pub(crate) async fn handle(platform: Platform, body: String) -> Result<(), Unhandled> {
    if let Err(error) = serde_json::from_str::<Tick>(&body) {
        warn!(%error, "message refused");
        let reason = format!("this queue takes {{\"task\": \"rotate-due-credentials\"}} only: {error}");
        return platform.dead_letters.set_aside(body, &reason).await.map_err(unhandled);
    }
    let due = platform.table.tenants_due(Timestamp::now(), MOST_PER_RUN).await.map_err(unhandled)?;
    let found = due.len();
    let rotated = stream::iter(due).map(|tenant| rotate_one(&platform, tenant)).buffer_unordered(AT_ONCE);
    let rotated = rotated.filter(|rotated| std::future::ready(*rotated)).count().await;
    info!(found, rotated, "due credentials handled");
    let more = i32::try_from(found).is_ok_and(|found| found == MOST_PER_RUN);
    // Only a run that got somewhere is worth another at once; the rest waits for the schedule.
    if more && rotated > 0 {
        platform.queue.send_later(body, Duration::ZERO).await.map_err(unhandled)?;
    }
    Ok(())
}

#[instrument(skip_all, fields(tenant = %tenant.id))]
async fn rotate_one(platform: &Platform, tenant: Tenant) -> bool {
    let outcome = match rotation::rotate(platform, &tenant, Timestamp::now()).await {
        Ok(Rotation::NothingDue) => return false,
        Ok(rotation) => rotation,
        Err(failure) if failure.passes() => {
            warn!(error = %failure, "the credential stays due");
            return false;
        }
        Err(failure) => {
            error!(error = %failure, "the credential stays due");
            return false;
        }
    };
    let late = tenant.due_at().map_or(0, |due| Timestamp::now().duration_since(due).as_millis());
    info!(outcome = outcome.name(), number = outcome.number(), "credential handled");
    report_event_to_effect("credential", outcome.name(), i64::try_from(late).unwrap_or(i64::MAX));
    true
}

fn unhandled(error: impl std::fmt::Display) -> Unhandled {
    error!(%error, "due credentials were not handled");
    Unhandled
}
