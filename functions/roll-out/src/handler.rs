//! One message of the queue: a release, brought as far as one run can.

use roost_domain::naming::TenantId;
use roost_releases::{Outcome, ReleasePlatform, StepFailure, attend_to};
use roost_runtime::{Envelope, Unhandled};
use tracing::{Span, field, instrument};

use crate::request::Request;
use crate::{cancelling, deleting, driving, rollback, starting_agent};

/// Handles a message.
#[instrument(skip_all, fields(event_id = field::Empty, tenant = field::Empty, release = field::Empty))]
pub(crate) async fn handle(platform: ReleasePlatform, body: String) -> Result<(), Unhandled> {
    attend_to(&platform, body, "release", |envelope| Box::pin(work(&platform, envelope))).await
}

async fn work(platform: &ReleasePlatform, envelope: Envelope) -> (Option<TenantId>, Result<Outcome, StepFailure>) {
    let request = match Request::parse(&envelope) {
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
        Request::StartAgent { tenant, project } => {
            starting_agent::start(platform, (&tenant, &project), &envelope.id).await
        }
        Request::Delete { tenant, project } => deleting::delete(platform, (&tenant, &project), &envelope.id).await,
        Request::Cancel(event) => cancelling::cancel(platform, &event, &envelope.id).await,
    };
    (Some(tenant), worked)
}
