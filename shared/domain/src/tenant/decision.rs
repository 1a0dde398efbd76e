//! What an event means for a tenant, whatever came before it, however often and in which order.

use super::{EventVersion, SignUp, Tenant, TenantState, UserEvent};

/// What is to be done about an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Claim a slug and a place, then provision.
    Claim(SignUp),
    /// Keep the plan for the signup that is still to come.
    Announce(String),
    /// Note the newer event and its plan, then provision again.
    ChangePlan(String),
    /// Go on where an earlier run stopped.
    Provision,
    /// Take the rights and remove the namespace.
    Delete,
    /// Go on where an earlier run stopped.
    ContinueDeletion,
    /// Keep only the fact that the user is gone.
    Entomb,
    /// The tenant is going already: keep only the newer version.
    NoteVersion,
    /// The tenant is still going: look again once it is gone.
    Wait,
    /// The event was taken before.
    Replayed,
    /// A later event was taken before.
    Outdated,
}

/// Decides about an event with the tenant as it stands.
#[must_use]
pub fn decide(tenant: Option<&Tenant>, version: EventVersion, event: UserEvent) -> Decision {
    match tenant {
        None => decide_without_home(event),
        Some(tenant) if version > tenant.version => decide_newer(&tenant.state, event),
        Some(tenant) => decide_older(tenant, version, event),
    }
}

fn decide_without_home(event: UserEvent) -> Decision {
    match event {
        UserEvent::SignedUp(signup) => Decision::Claim(signup),
        UserEvent::PlanChanged { plan } => Decision::Announce(plan),
        UserEvent::Deleted => Decision::Entomb,
    }
}

fn decide_newer(state: &TenantState, event: UserEvent) -> Decision {
    match (state, event) {
        (TenantState::Announced | TenantState::Deleted, event) => decide_without_home(event),
        (TenantState::Deleting { .. }, UserEvent::Deleted) => Decision::NoteVersion,
        (TenantState::Deleting { .. }, _) => Decision::Wait,
        (TenantState::Provisioning { .. } | TenantState::Ready { .. }, event) => match event {
            UserEvent::SignedUp(SignUp { plan, .. }) | UserEvent::PlanChanged { plan } => Decision::ChangePlan(plan),
            UserEvent::Deleted => Decision::Delete,
        },
    }
}

fn decide_older(tenant: &Tenant, version: EventVersion, event: UserEvent) -> Decision {
    match (&tenant.state, event) {
        (TenantState::Announced, UserEvent::SignedUp(signup)) => Decision::Claim(signup),
        (TenantState::Provisioning { .. }, UserEvent::SignedUp(_) | UserEvent::PlanChanged { .. }) => {
            Decision::Provision
        }
        (TenantState::Deleting { .. }, UserEvent::Deleted) => Decision::ContinueDeletion,
        _ if version == tenant.version => Decision::Replayed,
        _ => Decision::Outdated,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::naming::{ClusterName, Slug, TenantId};
    use crate::tenant::Deletion;

    type Delivery = (EventVersion, UserEvent);

    fn read(kind: &str, version: u64, plan: &str) -> Delivery {
        let detail = json!({
            "user_id": "u1", "name": "Alice", "email_hash": "ab".repeat(32), "plan": plan, "version": version
        });
        let (_, version, event) = UserEvent::parse(kind, &detail).unwrap();
        (version, event)
    }

    /// Carries a decision out, as the functions do, but on the record alone. The event is to be looked at again later
    /// if the answer is no.
    fn carry_out(tenant: Option<Tenant>, (version, event): &Delivery) -> (Option<Tenant>, bool) {
        let now = Timestamp::UNIX_EPOCH;
        let id = TenantId::parse("u1").unwrap();
        let bare = |plan, state| Tenant::without_home(id.clone(), *version, plan, state, now);
        let next = match (decide(tenant.as_ref(), *version, event.clone()), tenant) {
            (Decision::Claim(signup), before) => {
                let home = (Slug::parse("alice").unwrap(), ClusterName::parse("one").unwrap());
                Tenant::claimed(id, *version, &signup, home, before.as_ref(), now)
            }
            (Decision::Announce(plan), _) => bare(Some(plan), TenantState::Announced),
            (Decision::Entomb, _) => bare(None, TenantState::Deleted),
            (Decision::ChangePlan(plan), Some(tenant)) => tenant.at_version(*version).on_plan(plan),
            (Decision::Delete, Some(tenant)) => {
                let deletion = Deletion { started_at: now, volumes: Vec::new() };
                let home = tenant.home().unwrap().clone();
                tenant.moved_to(TenantState::Deleting { home, deletion }, now).at_version(*version)
            }
            (Decision::NoteVersion, Some(tenant)) => tenant.at_version(*version),
            (decision, tenant) => return (tenant, decision != Decision::Wait),
        };
        (Some(next), true)
    }

    /// Whether the tenant lives, and on which plan.
    fn outcome(tenant: &Tenant) -> Option<String> {
        matches!(tenant.state, TenantState::Provisioning { .. } | TenantState::Ready { .. })
            .then(|| tenant.plan.clone().unwrap())
    }

    /// A history a website can produce: signup, changes of plan, deletion, signup again, and so on.
    fn histories() -> impl Strategy<Value = Vec<Delivery>> {
        prop::collection::vec(prop_oneof![3 => Just(false), 1 => Just(true)], 1..8).prop_map(|ends| {
            let mut alive = false;
            let events = ends.iter().zip(1..).map(|(ends, version)| {
                let kind = match (alive, ends) {
                    (false, _) => "user.signed-up",
                    (true, false) => "user.plan-changed",
                    (true, true) => "user.deleted",
                };
                alive = kind != "user.deleted";
                read(kind, version, if version % 2 == 0 { "team" } else { "free" })
            });
            events.collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn any_order_and_repetition_of_events_ends_alike(
            (history, deliveries) in histories().prop_flat_map(|history| {
                let twice: Vec<_> = history.iter().chain(&history).cloned().collect();
                (Just(history), Just(twice).prop_shuffle())
            }),
            deletions_end in prop::collection::vec(any::<bool>(), 64),
        ) {
            let mut queue: std::collections::VecDeque<_> = deliveries.into();
            let mut tenant: Option<Tenant> = None;
            let mut deletions_end = deletions_end.into_iter().chain(std::iter::repeat(true));
            while let Some(delivery) = queue.pop_front() {
                let (next, done) = carry_out(tenant, &delivery);
                tenant = next;
                if !done {
                    queue.push_back(delivery);
                }
                let going = tenant.as_ref().is_some_and(|t| matches!(t.state, TenantState::Deleting { .. }));
                if going && deletions_end.next() == Some(true) {
                    tenant = tenant.map(|t| t.moved_to(TenantState::Deleted, Timestamp::UNIX_EPOCH));
                }
            }
            let (_, last) = history.last().unwrap();
            let expected = match last {
                UserEvent::SignedUp(SignUp { plan, .. }) | UserEvent::PlanChanged { plan } => Some(plan.clone()),
                UserEvent::Deleted => None,
            };
            prop_assert_eq!(outcome(&tenant.unwrap()), expected);
        }
    }

    #[test]
    fn a_deletion_that_overtakes_its_signup_keeps_the_tenant_from_being_made() {
        let (tomb, _) = carry_out(None, &read("user.deleted", 2, ""));
        assert_eq!(
            decide(tomb.as_ref(), EventVersion::new(1).unwrap(), read("user.signed-up", 1, "free").1),
            Decision::Outdated
        );
    }

    #[test]
    fn a_signup_is_resumed_after_a_change_of_plan_overtook_it() {
        let (announced, _) = carry_out(None, &read("user.plan-changed", 2, "team"));
        let (claimed, _) = carry_out(announced, &read("user.signed-up", 1, "free"));
        assert_eq!(claimed.as_ref().unwrap().plan.as_deref(), Some("team"));
        let (version, signup) = read("user.signed-up", 1, "free");
        assert_eq!(decide(claimed.as_ref(), version, signup), Decision::Provision);
    }
}
