//! What speaks against putting an idle app to sleep.

use jiff::{SignedDuration, Timestamp};

use super::Reason;
use crate::app::{AppSpec, AppStatus, SavedReplicas, WorkloadKind};

/// However few apps there are, so many may fall asleep at once.
const FEW: usize = 5;
/// Otherwise at most this part of the apps that are awake: nearly always, more than that is broken measurements.
const PART: usize = 10;

/// What the cluster shows around an app that is idle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Whether its owner annotated it to stay awake.
    pub is_kept_awake: bool,
    /// Its workloads.
    pub workloads: Vec<WorkloadState>,
    /// How much the cluster's probes of its pods make up at most, in bytes per second.
    pub probes: u64,
}

/// A workload of an idle app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkloadState {
    /// Its kind.
    pub kind: WorkloadKind,
    /// Its name.
    pub name: String,
    /// How many pods it is to have; absent if it is not there.
    pub replicas: Option<u32>,
    /// Whether the cluster has not yet made of it what its object says.
    pub is_changing: bool,
    /// Whether an autoscaler wants another number of pods.
    pub is_being_scaled: bool,
    /// Whether its volumes go with its pods.
    pub loses_volumes: bool,
}

/// What can be said without a look at the cluster.
#[must_use]
pub fn veto(spec: &AppSpec, status: &AppStatus, min_awake: SignedDuration, now: Timestamp) -> Option<Reason> {
    if spec.idle_after(status).is_none() {
        return Some(Reason::NeverSleeps);
    }
    if !spec.is_routed() {
        return Some(Reason::NoRoute);
    }
    if status.rolling_out {
        return Some(Reason::RollingOut);
    }
    if let Some(until) = spec.keep_awake_until.filter(|until| *until > now) {
        return Some(Reason::KeptAwakeUntil(until));
    }
    if let Some(hours) = spec.hours_now(status, now) {
        return Some(Reason::AwakeHours(hours.clone()));
    }
    let is_young = now.duration_since(status.since) < min_awake;
    (is_young && !spec.wants_sleep(status)).then_some(Reason::StartedRecently)
}

impl Surroundings {
    /// What can be said after a look at it.
    #[must_use]
    pub fn veto(&self) -> Option<Reason> {
        if self.is_kept_awake {
            return Some(Reason::KeptAwake);
        }
        if let Some(reason) = self.workloads.iter().find_map(WorkloadState::veto) {
            return Some(reason);
        }
        let runs = self.workloads.iter().any(|workload| workload.replicas > Some(0));
        (!runs).then_some(Reason::NothingRuns)
    }

    /// What runs, to be noted.
    #[must_use]
    pub fn running(&self) -> Vec<SavedReplicas> {
        let saved = |workload: &WorkloadState| {
            let (kind, name) = (workload.kind, workload.name.clone());
            workload.replicas.map(|replicas| SavedReplicas { kind, name, replicas })
        };
        self.workloads.iter().filter_map(saved).collect()
    }
}

impl WorkloadState {
    /// A workload that is as it should be.
    #[must_use]
    pub fn steady(kind: WorkloadKind, name: String, replicas: u32) -> Self {
        let replicas = Some(replicas);
        Self { kind, name, replicas, is_changing: false, is_being_scaled: false, loses_volumes: false }
    }

    fn veto(&self) -> Option<Reason> {
        let title = format!("{} {}", self.kind.name(), self.name);
        match self {
            Self { replicas: None, .. } => Some(Reason::WorkloadMissing(title)),
            Self { loses_volumes: true, .. } => Some(Reason::VolumesAtRisk(title)),
            Self { is_being_scaled: true, .. } => Some(Reason::AutoscalerAtWork(title)),
            Self { is_changing: true, .. } => Some(Reason::WorkloadChanging(title)),
            _ => None,
        }
    }
}

/// How many of the apps that are awake may begin to go to sleep in one look at them all.
#[must_use]
pub fn most_at_once(awake: usize) -> usize {
    FEW.max(awake / PART)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::naming::{ProjectName, TenantId};
    use crate::release::ReleaseNumber;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn spec() -> AppSpec {
        AppSpec {
            tenant: TenantId::parse("u1").unwrap(),
            project: ProjectName::parse("shop").unwrap(),
            release: ReleaseNumber::new(1).unwrap(),
            host: Some("custard-tasty-pie.example.com".to_owned()),
            routes: vec![serde_json::from_str(r#"{"path": "/", "service": "web", "port": 80}"#).unwrap()],
            workloads: Vec::new(),
            idle_after_seconds: Some(300),
            awake_hours: None,
            keep_awake_until: None,
            sleep_wanted_in_epoch: None,
        }
    }

    #[test]
    fn what_cannot_or_must_not_sleep_says_why() {
        let (status, later) = (AppStatus::new(NOW), NOW + SignedDuration::from_mins(10));
        let reason = |spec: AppSpec, status: &AppStatus| veto(&spec, status, SignedDuration::from_mins(1), later);
        assert_eq!(reason(spec(), &status), None);
        let until = later + SignedDuration::from_secs(1);
        let cases = [
            (AppSpec { idle_after_seconds: None, ..spec() }, Reason::NeverSleeps),
            (AppSpec { host: None, ..spec() }, Reason::NoRoute),
            (AppSpec { routes: Vec::new(), ..spec() }, Reason::NoRoute),
            (AppSpec { keep_awake_until: Some(until), ..spec() }, Reason::KeptAwakeUntil(until)),
        ];
        for (spec, expected) in cases {
            assert_eq!(reason(spec, &status), Some(expected));
        }
        let rolling_out = AppStatus { rolling_out: true, ..status.clone() };
        assert_eq!(reason(spec(), &rolling_out), Some(Reason::RollingOut));
        let young = AppStatus { since: later - SignedDuration::from_secs(59), ..status };
        assert_eq!(reason(spec(), &young), Some(Reason::StartedRecently));
    }

    #[test]
    fn an_owners_wish_counts_in_its_epoch_alone() {
        let (young, later) = (AppStatus { epoch: 3, ..AppStatus::new(NOW) }, NOW + SignedDuration::from_secs(1));
        let wished = |epoch| AppSpec { sleep_wanted_in_epoch: Some(epoch), idle_after_seconds: None, ..spec() };
        let reason = |epoch| veto(&wished(epoch), &young, SignedDuration::from_mins(1), later);
        assert_eq!(reason(3), None);
        assert_eq!(reason(2), Some(Reason::NeverSleeps));
        let unrouted = AppSpec { host: None, ..wished(3) };
        assert_eq!(veto(&unrouted, &young, SignedDuration::ZERO, later), Some(Reason::NoRoute));
    }

    #[test]
    fn what_surrounds_an_app_may_speak_against_its_sleep() {
        let steady = || WorkloadState::steady(WorkloadKind::Deployment, "web".to_owned(), 2);
        let with = |workload| Surroundings { workloads: vec![steady(), workload], ..Surroundings::default() };
        assert_eq!(with(steady()).veto(), None);
        let title = || "Deployment web".to_owned();
        let cases = [
            (WorkloadState { replicas: None, ..steady() }, Reason::WorkloadMissing(title())),
            (WorkloadState { loses_volumes: true, ..steady() }, Reason::VolumesAtRisk(title())),
            (WorkloadState { is_being_scaled: true, ..steady() }, Reason::AutoscalerAtWork(title())),
            (WorkloadState { is_changing: true, ..steady() }, Reason::WorkloadChanging(title())),
        ];
        for (workload, reason) in cases {
            assert_eq!(with(workload).veto(), Some(reason));
        }
        assert_eq!(Surroundings { is_kept_awake: true, ..with(steady()) }.veto(), Some(Reason::KeptAwake));
        assert_eq!(Surroundings::default().veto(), Some(Reason::NothingRuns));
    }

    #[test]
    fn not_too_many_fall_asleep_at_once() {
        assert_eq!([0, 5, 50, 70, 1000].map(most_at_once), [5, 5, 5, 7, 100]);
    }
}
