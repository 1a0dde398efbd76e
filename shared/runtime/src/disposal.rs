//! A message whose work did not come to its end is put back for later, or set aside for people.

use std::time::Duration;

use roost_aws::table::HistoryEntry;
use roost_domain::naming::TenantId;
use tracing::{error, info, warn};

use crate::{Envelope, Platform, Unhandled};

/// After so many looks, about eight hours, a message is set aside for people to see.
const MOST_LOOKS: u32 = 100;

impl Platform {
    /// Puts a message back into the function's queue, or aside once it was put back often enough.
    pub async fn put_back(&self, envelope: &Envelope, after: Duration, reason: &str) -> Result<(), Unhandled> {
        info!(reason, looks = envelope.looks, after_seconds = after.as_secs(), "event put back");
        let body = envelope.put_back();
        let sent = if envelope.looks < MOST_LOOKS {
            self.queue.send_later(body, after).await
        } else {
            self.dead_letters.set_aside(body, reason).await
        };
        sent.map_err(|error| {
            error!(%error, "the event stays where it is");
            Unhandled
        })
    }

    /// Sets a message aside that can never be carried out, and records why; `cause` is its event's id.
    pub async fn refuse(
        &self,
        body: String,
        (cause, tenant): (&str, Option<&TenantId>),
        reason: &str,
    ) -> Result<(), Unhandled> {
        warn!(reason, "event refused");
        let entry = HistoryEntry::now("event.refused", cause, reason);
        let recorded = self.table.record(tenant, &entry).await.map_err(|error| error.to_string());
        let aside = self.dead_letters.set_aside(body, reason).await.map_err(|error| error.to_string());
        recorded.and(aside).map_err(|error| {
            error!(error, "the refusal was not recorded");
            Unhandled
        })
    }
}
