//! What becomes of a message whose work did not come to its end: it is put back for later, or set aside for people.

use std::time::Duration;

use jiff::Timestamp;
use roost_aws::table::HistoryEntry;
use roost_domain::fault::{Classified, Fault};
use roost_domain::naming::TenantId;
use roost_domain::tenant::pause;
use roost_runtime::{Envelope, Unhandled};
use tracing::{error, info, warn};

use crate::{ReleasePlatform, StepFailure};

/// After so many looks, about eight hours, a message is set aside for people to see.
const MOST_LOOKS: u32 = 100;

/// How far the work on a message came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// To its end, of which this is the name in logs.
    Done(&'static str),
    /// It goes on after a pause.
    Later {
        /// How long; the usual growing pause if absent.
        after: Option<Duration>,
        /// What it waits for, in words for people.
        reason: String,
    },
}

/// Ends the work on a message according to what came of it.
pub async fn dispose(
    platform: &ReleasePlatform,
    body: String,
    (envelope, tenant): (Option<&Envelope>, Option<&TenantId>),
    worked: Result<Outcome, StepFailure>,
) -> Result<(), Unhandled> {
    match (worked, envelope) {
        (Ok(Outcome::Done(outcome)), _) => {
            info!(outcome, "event handled");
            Ok(())
        }
        (Ok(Outcome::Later { after, reason }), Some(envelope)) => put_back(platform, envelope, after, &reason).await,
        (Err(failure), Some(envelope)) if failure.fault() == Fault::Passing => {
            put_back(platform, envelope, None, &failure.to_string()).await
        }
        (Err(failure), _) if failure.fault() == Fault::Users => {
            let cause = envelope.map_or("unreadable", |envelope| envelope.id.as_str());
            refuse(platform, body, (cause, tenant), &failure.to_string()).await
        }
        (Err(failure), _) => {
            error!(error = %failure, "the event cannot be handled");
            Err(Unhandled)
        }
        (Ok(Outcome::Later { reason, .. }), None) => {
            error!(reason, "a message without an envelope cannot be put back");
            Err(Unhandled)
        }
    }
}

async fn put_back(
    platform: &ReleasePlatform,
    envelope: &Envelope,
    after: Option<Duration>,
    reason: &str,
) -> Result<(), Unhandled> {
    let after = after.unwrap_or_else(|| pause(envelope.looks));
    info!(reason, looks = envelope.looks, after_seconds = after.as_secs(), "event put back");
    let body = envelope.put_back();
    let sent = if envelope.looks < MOST_LOOKS {
        platform.base.queue.send_later(body, after).await
    } else {
        platform.base.dead_letters.set_aside(body, reason).await
    };
    sent.map_err(|error| {
        error!(%error, "the event stays where it is");
        Unhandled
    })
}

/// Sets a message aside that can never be carried out, and records why.
async fn refuse(
    platform: &ReleasePlatform,
    body: String,
    (cause, tenant): (&str, Option<&TenantId>),
    reason: &str,
) -> Result<(), Unhandled> {
    warn!(reason, "event refused");
    let (kind, cause, reason_text) = ("event.refused".to_owned(), cause.to_owned(), reason.to_owned());
    let entry = HistoryEntry { at: Timestamp::now(), kind, cause, reason: reason_text };
    let recorded = platform.base.table.record(tenant, &entry).await.map_err(|error| error.to_string());
    let aside = platform.base.dead_letters.set_aside(body, reason).await.map_err(|error| error.to_string());
    recorded.and(aside).map_err(|error| {
        error!(error, "the refusal was not recorded");
        Unhandled
    })
}
