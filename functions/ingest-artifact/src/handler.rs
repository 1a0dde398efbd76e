//! One message of the queue: an upload, brought as far as one run can.

use std::time::Instant;

use jiff::Timestamp;
use roost_domain::release::ReleaseState;
use roost_releases::{Outcome, ReleasePlatform, StepFailure, dispose, home_of};
use roost_runtime::{Envelope, Unhandled, report_event_to_effect};
use tracing::{Span, field, info, instrument};

use crate::acceptance;
use crate::registration::Registration;
use crate::upload_event::UploadEvent;
use crate::{checks, registration};

/// Handles a message.
#[instrument(skip_all, fields(event_id = field::Empty, tenant = field::Empty, release = field::Empty))]
pub(crate) async fn handle(platform: ReleasePlatform, body: String) -> Result<(), Unhandled> {
    let received = Instant::now();
    let envelope = match Envelope::parse(&body) {
        Ok(envelope) => envelope,
        Err(error) => return dispose(&platform, body, (None, None), Err(error.into())).await,
    };
    Span::current().record("event_id", &envelope.id);
    let (tenant, worked) = match UploadEvent::parse(&envelope) {
        Ok(event) => (Some(event.tenant.clone()), work(&platform, &envelope, &event).await),
        Err(failure) => (None, Err(failure)),
    };
    report(&worked, &envelope, received);
    dispose(&platform, body, (Some(&envelope), tenant.as_ref()), worked).await
}

fn report(worked: &Result<Outcome, StepFailure>, envelope: &Envelope, received: Instant) {
    let Ok(Outcome::Done(outcome)) = worked else { return };
    let age = Timestamp::now().duration_since(envelope.time).as_millis();
    let elapsed_us = u64::try_from(received.elapsed().as_micros()).unwrap_or(u64::MAX);
    info!(outcome, elapsed_us, "upload handled");
    report_event_to_effect("upload", outcome, i64::try_from(age).unwrap_or(i64::MAX));
}

async fn work(platform: &ReleasePlatform, envelope: &Envelope, event: &UploadEvent) -> Result<Outcome, StepFailure> {
    Span::current().record("tenant", field::display(&event.tenant));
    let home = home_of(platform, &event.tenant).await?;
    let Some(upload) = event.upload(platform).await? else { return Ok(Outcome::Done("gone")) };
    let release = match registration::register(platform, event, &upload).await? {
        Registration::Release(release) => release,
        Registration::Nothing(outcome) => return Ok(Outcome::Done(outcome)),
    };
    Span::current().record("release", release.title());
    match checks::check(platform, &home, &release, &upload).await? {
        Ok(checked) => acceptance::accept(platform, &home, (&release, checked), &envelope.id).await,
        Err(findings) => {
            let rejected = release.moved_to(ReleaseState::rejected(findings), Timestamp::now());
            acceptance::reject(platform, &rejected, &envelope.id).await
        }
    }
}
