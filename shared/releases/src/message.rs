//! A message about releases: read, worked on, and ended according to what came of it.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use roost_domain::fault::{Classified, Fault};
use roost_domain::naming::TenantId;
use roost_domain::tenant::pause;
use roost_runtime::{Envelope, Unhandled, report_event_to_effect};
use tracing::{Span, error, info};

use crate::{ReleasePlatform, StepFailure};

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

/// Reads a message, has it worked on, and ends it. The work also tells whose message it was, as far as it can;
/// `subject` is what the measure from event to effect is called.
pub async fn attend_to<Work>(
    platform: &ReleasePlatform,
    body: String,
    subject: &'static str,
    work: impl FnOnce(Envelope) -> Work,
) -> Result<(), Unhandled>
where
    Work: Future<Output = (Option<TenantId>, Result<Outcome, StepFailure>)>,
{
    let received = Instant::now();
    let envelope = match Envelope::parse(&body) {
        Ok(envelope) => envelope,
        Err(error) => return platform.base.refuse(body, ("unreadable", None), &error.to_string()).await,
    };
    Span::current().record("event_id", &envelope.id);
    match work(envelope.clone()).await {
        (_, Ok(Outcome::Done(outcome))) => {
            report(&envelope, received, (subject, outcome));
            Ok(())
        }
        (_, Ok(Outcome::Later { after, reason })) => {
            let after = after.unwrap_or_else(|| pause(envelope.looks));
            platform.base.put_back(&envelope, after, &reason).await
        }
        (tenant, Err(failure)) => dispose(platform, body, (&envelope, tenant.as_ref()), &failure).await,
    }
}

fn report(envelope: &Envelope, received: Instant, (subject, outcome): (&'static str, &'static str)) {
    let age_ms = i64::try_from(Timestamp::now().duration_since(envelope.time).as_millis()).unwrap_or(i64::MAX);
    let elapsed_us = u64::try_from(received.elapsed().as_micros()).unwrap_or(u64::MAX);
    info!(outcome, looks = envelope.looks, elapsed_us, age_ms, "event handled");
    report_event_to_effect(subject, outcome, age_ms);
}

async fn dispose(
    platform: &ReleasePlatform,
    body: String,
    (envelope, tenant): (&Envelope, Option<&TenantId>),
    failure: &StepFailure,
) -> Result<(), Unhandled> {
    match failure.fault() {
        Fault::Passing => platform.base.put_back(envelope, pause(envelope.looks), &failure.to_string()).await,
        Fault::Users => platform.base.refuse(body, (&envelope.id, tenant), &failure.to_string()).await,
        Fault::Ours => {
            error!(error = %failure, "the event cannot be handled");
            Err(Unhandled)
        }
    }
}
