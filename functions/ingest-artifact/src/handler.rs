//! One message of the queue: an upload, brought as far as one run can.

use jiff::Timestamp;
use roost_domain::naming::TenantId;
use roost_domain::release::ReleaseState;
use roost_releases::{Outcome, ReleasePlatform, StepFailure, attend_to, home_of};
use roost_runtime::{Envelope, Unhandled};
use tracing::{Span, field, instrument};

use crate::acceptance;
use crate::registration::Registration;
use crate::upload_event::UploadEvent;
use crate::{checks, registration};

/// Handles a message.
#[instrument(skip_all, fields(event_id = field::Empty, tenant = field::Empty, release = field::Empty))]
pub(crate) async fn handle(platform: ReleasePlatform, body: String) -> Result<(), Unhandled> {
    attend_to(&platform, body, "upload", |envelope| work(&platform, envelope)).await
}

async fn work(platform: &ReleasePlatform, envelope: Envelope) -> (Option<TenantId>, Result<Outcome, StepFailure>) {
    match UploadEvent::parse(&envelope) {
        Ok(event) => (Some(event.tenant.clone()), take(platform, &envelope, &event).await),
        Err(failure) => (None, Err(failure)),
    }
}

/// Brings an upload as far as one run can.
async fn take(platform: &ReleasePlatform, envelope: &Envelope, event: &UploadEvent) -> Result<Outcome, StepFailure> {
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
