//! When a wake has failed, and what is said about it.

use jiff::Timestamp;
use kube::Client;
use roost_cluster::ClusterError;
use roost_cluster::deployment::waking_workloads;
use roost_domain::app::{AppStatus, WakeTarget};
use roost_domain::release::observation::{RollOutFailure, RollOutFailureReason, Verdict, judge};
use roost_domain::visit::reason_for_visitors;
use serde_json::Value;

use super::Progress;
use crate::host_table::AppId;

const UNKNOWN: &str = "It does not wake up at the moment.";
/// Whoever comes back sooner than this finds nothing new.
const SOONEST: i64 = 1;

/// Looks for something that will not pass by itself.
pub(super) async fn look_for_failure(
    client: &Client,
    id: &AppId,
    targets: &[WakeTarget],
) -> Result<Option<RollOutFailure>, ClusterError> {
    let workloads = waking_workloads(client, id.namespace(), id.name(), targets).await?;
    Ok(match judge(&workloads) {
        Verdict::Failing(failure) => Some(failure),
        Verdict::Waiting(_) | Verdict::Ready => None,
    })
}

/// What is known once there is no more time.
pub(super) async fn too_slow(client: &Client, id: &AppId, targets: &[WakeTarget]) -> RollOutFailure {
    let workloads = waking_workloads(client, id.namespace(), id.name(), targets).await.unwrap_or_default();
    match judge(&workloads) {
        Verdict::Failing(failure) | Verdict::Waiting(failure) => failure,
        Verdict::Ready => RollOutFailure {
            reason: RollOutFailureReason::TooSlow,
            object: id.to_string(),
            message: "its pods are ready, and its Services have no addresses".to_owned(),
            logs: None,
        },
    }
}

/// What visitors of an app see that has failed to wake.
pub(super) fn progress(standing: &AppStatus, now: Timestamp) -> Progress {
    let wake = standing.wake.as_ref();
    let name = wake.and_then(|wake| wake.reason.clone()).map(Value::String);
    let reason = name.and_then(|name| serde_json::from_value::<RollOutFailureReason>(name).ok());
    let pause = wake.and_then(|wake| wake.next_attempt_at).map_or(SOONEST, |at| at.duration_since(now).as_secs() + 1);
    Progress::Failed {
        words: reason.map_or(UNKNOWN, reason_for_visitors),
        retry_after: u64::try_from(pause.max(SOONEST)).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use roost_domain::app::{Cause, Event};

    use super::*;

    fn failed(reason: RollOutFailureReason) -> AppStatus {
        let now = Timestamp::UNIX_EPOCH;
        let failure =
            RollOutFailure { reason, object: "Deployment web".to_owned(), message: "m.".to_owned(), logs: None };
        let asleep = AppStatus { phase: roost_domain::app::Phase::Asleep, ..AppStatus::new(now) };
        let waking = asleep.after(Event::Wanted(Cause::request("browser")), now).unwrap().status;
        waking.after(Event::wake_failed(&failure), now).unwrap().status
    }

    #[test]
    fn visitors_see_the_reason_and_when_it_is_tried_again() {
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(4);
        let seen = progress(&failed(RollOutFailureReason::ImagePull), now);
        assert_eq!((seen.words(), seen.retry_after()), ("One of its images cannot be fetched.", 7));
        let late = progress(&failed(RollOutFailureReason::ImagePull), now + SignedDuration::from_hours(1));
        assert_eq!(late.retry_after(), 1);
    }

    #[test]
    fn the_owner_reads_what_happened_and_what_helps() {
        let status = failed(RollOutFailureReason::CrashLoop);
        let message = status.wake.unwrap().message.unwrap();
        assert!(message.starts_with("Deployment web: m. ") && message.contains("log"), "{message}");
    }
}
