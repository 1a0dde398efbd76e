//! What becomes of a message whose work did not come to its end: it is put back for later, or set aside for people.

use std::time::Duration;

use jiff::Timestamp;
use roost_aws::table::HistoryEntry;
use roost_domain::fault::{Classified, Fault};
use roost_domain::tenant::{Tenant, addressee, pause};
use roost_runtime::{Envelope, Platform, Unhandled};
use tracing::{error, warn};

use crate::error::UserEventFailure;

/// What holds an event up for so many looks is written down.
const LOOKS_BEFORE_REASON: u32 = 3;

/// Disposes of a message whose work failed.
pub(crate) async fn of_failed(
    platform: &Platform,
    body: String,
    envelope: &Envelope,
    failure: &UserEventFailure,
) -> Result<(), Unhandled> {
    match failure.fault() {
        Fault::Users => {
            let tenant = addressee(&envelope.detail);
            platform.refuse(body, (&envelope.id, tenant.as_ref()), &failure.to_string()).await
        }
        Fault::Passing => put_back(platform, envelope, pause(envelope.looks), &failure.to_string()).await,
        Fault::Ours => {
            error!(error = %failure, "the event cannot be handled");
            explain(platform, envelope, &failure.to_string()).await;
            Err(Unhandled)
        }
    }
}

/// Puts an event back, and writes down what holds it up once that takes long.
pub(crate) async fn put_back(
    platform: &Platform,
    envelope: &Envelope,
    after: Duration,
    reason: &str,
) -> Result<(), Unhandled> {
    if envelope.looks >= LOOKS_BEFORE_REASON {
        explain(platform, envelope, reason).await;
    }
    platform.put_back(envelope, after, reason).await
}

/// Writes down what holds an event up: in the tenant's record, or in the history while there is no tenant. It is not
/// what the event is about, so it may fail.
async fn explain(platform: &Platform, envelope: &Envelope, reason: &str) {
    let Some(id) = addressee(&envelope.detail) else { return };
    let written = match platform.table.tenant(&id).await {
        Ok(Some(tenant)) if !is_held_up_by(&tenant, envelope) || tenant.reason.as_deref() == Some(reason) => Ok(()),
        Ok(Some(tenant)) => platform.table.save(&tenant.held_up(reason.to_owned(), Timestamp::now()), None).await,
        Ok(None) if envelope.looks > LOOKS_BEFORE_REASON => Ok(()),
        Ok(None) => platform.table.record(Some(&id), &HistoryEntry::now("event.waiting", &envelope.id, reason)).await,
        Err(error) => Err(error),
    };
    if let Err(error) = written {
        warn!(%error, "the reason was not written");
    }
}

/// Whether the tenant has taken the event: one that has still to wait for its turn does not hold the tenant up.
fn is_held_up_by(tenant: &Tenant, envelope: &Envelope) -> bool {
    let version = envelope.detail.get("version").and_then(serde_json::Value::as_u64);
    tenant.home().is_some() && version.is_some_and(|version| version <= tenant.version.number())
}
