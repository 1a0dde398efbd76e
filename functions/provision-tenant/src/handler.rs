//! One message of the queue: read, decided, carried out, and put back or set aside if it has to be.

use std::time::Instant;

use jiff::Timestamp;
use roost_aws::table::HistoryEntry;
use roost_domain::fault::{Classified, Fault};
use roost_domain::naming::TenantId;
use roost_domain::tenant::{Decision, EventVersion, Tenant, TenantState, UserEvent, addressee, decide, pause};
use roost_runtime::{Envelope, Platform, Unhandled};
use tracing::{Span, error, field, info, instrument, warn};

use crate::claim::Claimant;
use crate::error::UserEventFailure;
use crate::progress::Progress;
use crate::{claim, deletion, provision};

/// How often an event is decided anew because another run changed its tenant.
const ATTEMPTS: usize = 4;
/// After so many looks, about eight hours, an event is set aside for people to see.
const MOST_LOOKS: u32 = 100;
/// From so many looks on, the tenant's record says what holds it up.
const LOOKS_BEFORE_REASON: u32 = 3;

/// Handles a message.
#[instrument(skip_all, fields(event_id = field::Empty, event_type = field::Empty, tenant = field::Empty))]
pub(crate) async fn handle(platform: Platform, body: String) -> Result<(), Unhandled> {
    let received = Instant::now();
    let envelope = match Envelope::parse(&body) {
        Ok(envelope) => envelope,
        Err(error) => return refuse(&platform, body, "unreadable", None, &error.into()).await,
    };
    Span::current().record("event_id", &envelope.id).record("event_type", &envelope.detail_type);
    match work(&platform, &envelope).await {
        Ok(Progress::Done(outcome)) => {
            let age = Timestamp::now().duration_since(envelope.time).as_millis();
            let elapsed = received.elapsed().as_micros();
            info!(
                outcome,
                looks = envelope.looks,
                elapsed_us = u64::try_from(elapsed).unwrap_or(u64::MAX),
                age_ms = i64::try_from(age).unwrap_or(i64::MAX),
                "event handled"
            );
            Ok(())
        }
        Ok(Progress::Later { after, reason }) => {
            let after = after.unwrap_or_else(|| pause(envelope.looks));
            put_back(&platform, &envelope, after, &reason).await
        }
        Err(failure) => dispose(&platform, body, &envelope, &failure).await,
    }
}

async fn work(platform: &Platform, envelope: &Envelope) -> Result<Progress, UserEventFailure> {
    let (id, version, event) = UserEvent::parse(&envelope.detail_type, &envelope.detail)?;
    Span::current().record("tenant", field::display(&id));
    let mut attempts = ATTEMPTS;
    loop {
        attempts -= 1;
        let tenant = platform.table.tenant(&id).await?;
        match carry_out(platform, &envelope.id, &id, version, event.clone(), tenant).await {
            Err(failure) if failure.is_conflict() && attempts > 0 => info!("the tenant was changed meanwhile"),
            result => return result,
        }
    }
}

async fn carry_out(
    platform: &Platform,
    cause: &str,
    id: &TenantId,
    version: EventVersion,
    event: UserEvent,
    tenant: Option<Tenant>,
) -> Result<Progress, UserEventFailure> {
    let now = Timestamp::now();
    let decision = decide(tenant.as_ref(), version, event);
    let revision = tenant.as_ref().map_or(0, |tenant| tenant.revision);
    let bare =
        |plan, state| Tenant { revision: revision + 1, ..Tenant::without_home(id.clone(), version, plan, state, now) };
    match (decision, tenant) {
        (Decision::Claim(signup), before) => {
            let claimant = Claimant { id, version, signup: &signup, before: before.as_ref() };
            let tenant = claim::claim(platform, claimant).await?;
            provision::provision(platform, cause, tenant).await
        }
        (Decision::ChangePlan(plan), Some(tenant)) => {
            let tenant = provision::change_plan(platform, tenant, version, plan).await?;
            provision::provision(platform, cause, tenant).await
        }
        (Decision::Provision, Some(tenant)) => provision::provision(platform, cause, tenant).await,
        (Decision::Delete, Some(tenant)) => deletion::begin(platform, cause, &tenant, version).await,
        (Decision::ContinueDeletion, Some(tenant)) => deletion::go_on(platform, cause, &tenant).await,
        (Decision::Announce(plan), _) => {
            platform.plans.find(&plan)?;
            platform.table.save(&bare(Some(plan), TenantState::Announced), None).await?;
            Ok(Progress::Done("announced"))
        }
        (Decision::Entomb, _) => {
            platform.table.save(&bare(None, TenantState::Deleted), None).await?;
            Ok(Progress::Done("entombed"))
        }
        (Decision::NoteVersion, Some(tenant)) => {
            let noted = tenant.moved_to(tenant.state.clone(), now).at_version(version);
            platform.table.save(&noted, None).await?;
            Ok(Progress::Done("noted"))
        }
        (Decision::Wait, _) => Ok(Progress::waiting_for("the user's deletion is still under way")),
        (Decision::Replayed, _) => Ok(Progress::Done("replayed")),
        _ => Ok(Progress::Done("outdated")),
    }
}

/// What becomes of a message whose work failed.
async fn dispose(
    platform: &Platform,
    body: String,
    envelope: &Envelope,
    failure: &UserEventFailure,
) -> Result<(), Unhandled> {
    let tenant = addressee(&envelope.detail);
    match failure.fault() {
        Fault::Users => refuse(platform, body, &envelope.id, tenant, failure).await,
        Fault::Passing => put_back(platform, envelope, pause(envelope.looks), &failure.to_string()).await,
        Fault::Ours => {
            error!(error = %failure, "the event cannot be handled");
            explain(platform, envelope, &failure.to_string()).await;
            Err(Unhandled)
        }
    }
}

/// Puts an event back into the queue, or aside once it was put back often enough.
async fn put_back(
    platform: &Platform,
    envelope: &Envelope,
    after: std::time::Duration,
    reason: &str,
) -> Result<(), Unhandled> {
    warn!(reason, looks = envelope.looks, after_seconds = after.as_secs(), "event put back");
    if envelope.looks >= LOOKS_BEFORE_REASON {
        explain(platform, envelope, reason).await;
    }
    let body = envelope.put_back();
    let sent = if envelope.looks < MOST_LOOKS {
        platform.queue.send_later(body, after).await
    } else {
        platform.dead_letters.set_aside(body, reason).await
    };
    sent.map_err(|error| {
        error!(%error, "the event stays where it is");
        Unhandled
    })
}

/// Writes into the tenant's record what holds it up. It is not what the event is about, so it may fail.
async fn explain(platform: &Platform, envelope: &Envelope, reason: &str) {
    let Some(id) = addressee(&envelope.detail) else { return };
    let Ok(Some(tenant)) = platform.table.tenant(&id).await else { return };
    if tenant.home().is_some() && tenant.reason.as_deref() != Some(reason) {
        let held_up = tenant.held_up(reason.to_owned(), Timestamp::now());
        if let Err(error) = platform.table.save(&held_up, None).await {
            warn!(%error, "the reason was not written");
        }
    }
}

/// Sets an event aside that can never be carried out, and records why.
async fn refuse(
    platform: &Platform,
    body: String,
    event_id: &str,
    tenant: Option<TenantId>,
    failure: &UserEventFailure,
) -> Result<(), Unhandled> {
    let reason = failure.to_string();
    warn!(reason, "event refused");
    let entry = HistoryEntry {
        at: Timestamp::now(),
        kind: "event.refused".to_owned(),
        cause: event_id.to_owned(),
        reason: reason.clone(),
    };
    let recorded = platform.table.record(tenant.as_ref(), &entry).await.map_err(|error| error.to_string());
    let aside = platform.dead_letters.set_aside(body, &reason).await.map_err(|error| error.to_string());
    recorded.and(aside).map_err(|error| {
        error!(error, "the refusal was not recorded");
        Unhandled
    })
}
