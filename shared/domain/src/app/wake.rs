//! How an app wakes: how many pods, in which order, and when it is tried again if it did not.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{AppSpec, AppStatus, Event, WorkloadKind};
use crate::release::observation::RollOutFailure;

/// The pauses after the first failures; the last one stays.
const PAUSES_IN_SECONDS: [i64; 6] = [10, 30, 60, 300, 900, 3600];
/// What the estimate is made from.
const WAKES_REMEMBERED: usize = 10;

/// How an app's waking goes, or went the last time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wake {
    /// When it began.
    pub started_at: Timestamp,
    /// How often in a row it failed.
    #[serde(default)]
    pub failures: u32,
    /// When it is tried again, after a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<Timestamp>,
    /// The name of what is in the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The same in plain words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A workload that is to run again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WakeTarget {
    /// Its kind.
    pub kind: WorkloadKind,
    /// Its name.
    pub name: String,
    /// With how many pods it ran.
    pub replicas: u32,
    /// When it starts: with the others of its wave, once the wave before is ready.
    pub wave: u32,
}

impl Wake {
    /// A wake that begins, after the failures of those before it.
    #[must_use]
    pub(super) fn begun(before: Option<&Self>, now: Timestamp) -> Self {
        let failures = before.map_or(0, |wake| wake.failures);
        Self { started_at: now, failures, next_attempt_at: None, reason: None, message: None }
    }

    /// The same wake once it has failed.
    #[must_use]
    pub(super) fn failed(&self, reason: String, message: String, now: Timestamp) -> Self {
        let last = PAUSES_IN_SECONDS.len() - 1;
        let pause = PAUSES_IN_SECONDS[usize::try_from(self.failures).unwrap_or(last).min(last)];
        Self {
            failures: self.failures.saturating_add(1),
            next_attempt_at: Some(now + SignedDuration::from_secs(pause)),
            reason: Some(reason),
            message: Some(message),
            ..self.clone()
        }
    }
}

impl Event {
    /// A wake came to nothing; what is said of it is for the owner.
    #[must_use]
    pub fn wake_failed(failure: &RollOutFailure) -> Self {
        let reason = serde_json::to_value(failure.reason).ok().and_then(|name| name.as_str().map(str::to_owned));
        let message = format!("{}: {} {}", failure.object, failure.message, failure.reason.remedy());
        Self::WakeFailed { reason: reason.unwrap_or_default(), message }
    }
}

impl AppStatus {
    /// What is to run again when the app wakes, the first wave first. What was at 0 before it slept stays there.
    #[must_use]
    pub fn wake_targets(&self, spec: &AppSpec) -> Vec<WakeTarget> {
        let mut targets: Vec<_> = spec
            .workloads
            .iter()
            .map(|workload| WakeTarget {
                kind: workload.kind,
                name: workload.name.clone(),
                replicas: self.saved_replicas(workload.kind, &workload.name).unwrap_or(workload.replicas),
                wave: workload.wave,
            })
            .filter(|target| target.replicas > 0)
            .collect();
        targets.sort_by_key(|target| target.wave);
        targets
    }

    /// Without any note of what ran, what the release asks for is the best guess.
    fn saved_replicas(&self, kind: WorkloadKind, name: &str) -> Option<u32> {
        let is_this = |saved: &&super::SavedReplicas| saved.kind == kind && saved.name == name;
        let saved = self.saved.iter().find(is_this).map(|saved| saved.replicas);
        if self.saved.is_empty() { saved } else { saved.or(Some(0)) }
    }

    /// Its middle value: how long waking takes, by those of late, in milliseconds.
    #[must_use]
    pub fn wake_estimate(&self) -> Option<u64> {
        let mut sorted = self.wake_millis.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied()
    }

    pub(super) fn wakes_with(&self, millis: u64) -> Vec<u64> {
        let known = self.wake_millis.iter().copied().chain([millis]);
        known.skip((self.wake_millis.len() + 1).saturating_sub(WAKES_REMEMBERED)).collect()
    }
}
