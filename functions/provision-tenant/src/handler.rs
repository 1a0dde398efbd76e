//! One message of the queue: read, decided and carried out.

use std::time::Instant;

use jiff::Timestamp;
use roost_aws::objects::Objects;
use roost_domain::naming::TenantId;
use roost_domain::tenant::{Decision, EventVersion, Tenant, TenantState, UserEvent, decide, pause};
use roost_runtime::{Envelope, Platform, Unhandled, report_event_to_effect};
use tracing::{Span, field, info, instrument};

use crate::claim::Claimant;
use crate::error::UserEventFailure;
use crate::progress::Progress;
use crate::{claim, deletion, disposal, provision};

/// How often an event is decided anew because another run changed its tenant.
const ATTEMPTS: usize = 4;

/// Handles a message.
#[instrument(skip_all, fields(event_id = field::Empty, event_type = field::Empty, tenant = field::Empty))]
pub(crate) async fn handle(platform: Platform, objects: Objects, body: String) -> Result<(), Unhandled> {
    let received = Instant::now();
    let envelope = match Envelope::parse(&body) {
        Ok(envelope) => envelope,
        Err(error) => return platform.refuse(body, ("unreadable", None), &error.to_string()).await,
    };
    Span::current().record("event_id", &envelope.id).record("event_type", &envelope.detail_type);
    match work(&platform, &objects, &envelope).await {
        Ok(Progress::Done(outcome)) => {
            report(outcome, &envelope, received);
            Ok(())
        }
        Ok(Progress::Later { after, reason }) => {
            let after = after.unwrap_or_else(|| pause(envelope.looks));
            disposal::put_back(&platform, &envelope, after, &reason).await
        }
        Err(failure) => disposal::of_failed(&platform, body, &envelope, &failure).await,
    }
}

fn report(outcome: &'static str, envelope: &Envelope, received: Instant) {
    let age = Timestamp::now().duration_since(envelope.time).as_millis();
    let age_ms = i64::try_from(age).unwrap_or(i64::MAX);
    let elapsed_us = u64::try_from(received.elapsed().as_micros()).unwrap_or(u64::MAX);
    info!(outcome, looks = envelope.looks, elapsed_us, age_ms, "event handled");
    report_event_to_effect("tenant", outcome, age_ms);
}

async fn work(platform: &Platform, objects: &Objects, envelope: &Envelope) -> Result<Progress, UserEventFailure> {
    let (id, version, event) = UserEvent::parse(&envelope.detail_type, &envelope.detail)?;
    Span::current().record("tenant", field::display(&id));
    let mut attempts = ATTEMPTS;
    loop {
        attempts -= 1;
        let tenant = platform.table.tenant(&id).await?;
        match carry_out((platform, objects), &envelope.id, &id, version, event.clone(), tenant).await {
            Err(failure) if failure.is_conflict() && attempts > 0 => info!("the tenant was changed meanwhile"),
            result => return result,
        }
    }
}

async fn carry_out(
    (platform, objects): (&Platform, &Objects),
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
        (Decision::Delete, Some(tenant)) => deletion::begin((platform, objects), cause, &tenant, version).await,
        (Decision::ContinueDeletion, Some(tenant)) => deletion::go_on((platform, objects), cause, &tenant).await,
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
