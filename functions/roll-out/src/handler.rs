//! One message of the queue: a release, brought as far as one run can.

use std::time::Instant;

use jiff::Timestamp;
use roost_domain::naming::TenantId;
use roost_releases::{Outcome, ReleasePlatform, StepFailure, dispose};
use roost_runtime::{Envelope, Unhandled, report_event_to_effect};
use tracing::{Span, field, info, instrument};

use crate::request::Request;
use crate::{cancelling, driving, rollback};

/// Handles a message.
#[instrument(skip_all, fields(event_id = field::Empty, tenant = field::Empty, release = field::Empty))]
pub(crate) async fn handle(platform: ReleasePlatform, body: String) -> Result<(), Unhandled> {
    let received = Instant::now();
    let envelope = match Envelope::parse(&body) {
        Ok(envelope) => envelope,
        Err(error) => return dispose(&platform, body, (None, None), Err(error.into())).await,
    };
    Span::current().record("event_id", &envelope.id);
    let (tenant, worked) = work(&platform, &envelope).await;
    report(&worked, &envelope, received);
    dispose(&platform, body, (Some(&envelope), tenant.as_ref()), worked).await
}

async fn work(platform: &ReleasePlatform, envelope: &Envelope) -> (Option<TenantId>, Result<Outcome, StepFailure>) {
    let request = match Request::parse(envelope) {
        Ok(request) => request,
        Err(failure) => return (None, Err(failure)),
    };
    let tenant = request.tenant().clone();
    Span::current().record("tenant", field::display(&tenant));
    let worked = match request {
        Request::Drive(event) => driving::drive(platform, &event, &envelope.id).await,
        Request::RollBack { tenant, project, to } => {
            rollback::roll_back(platform, (&tenant, &project, to), &envelope.id).await
        }
        Request::Cancel(event) => cancelling::cancel(platform, &event, &envelope.id).await,
    };
    (Some(tenant), worked)
}

fn report(worked: &Result<Outcome, StepFailure>, envelope: &Envelope, received: Instant) {
    let Ok(Outcome::Done(outcome)) = worked else { return };
    let age = Timestamp::now().duration_since(envelope.time).as_millis();
    let elapsed_us = u64::try_from(received.elapsed().as_micros()).unwrap_or(u64::MAX);
    info!(outcome, looks = envelope.looks, elapsed_us, "release handled");
    report_event_to_effect("release", outcome, i64::try_from(age).unwrap_or(i64::MAX));
}
