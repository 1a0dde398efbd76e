//! How far an app has come that is waking up, in words for its visitors: what is wrong in detail is its owner's.

use serde::{Deserialize, Serialize};

use crate::release::observation::{Container, Pod, RollOutFailureReason, Workload};

/// How far something has come; later is farther.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Nothing runs yet, and nothing has a place to.
    #[default]
    Scheduling,
    /// It has a place, which is being prepared: images and volumes come there.
    Pulling,
    /// Its program runs, and does not answer yet.
    Starting,
    /// It answers.
    Ready,
}

impl Stage {
    /// How far all of these have come: as far as the last of them.
    #[must_use]
    pub fn of(workloads: &[Workload]) -> Self {
        workloads.iter().filter(|workload| workload.wanted > 0).map(of_workload).min().unwrap_or_default()
    }

    /// What a visitor is told.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Scheduling => "Finding a place for it to run.",
            Self::Pulling => "Preparing what it needs.",
            Self::Starting => "Its programs are starting.",
            Self::Ready => "It is ready.",
        }
    }
}

/// One pod that answers is enough to answer requests.
fn of_workload(workload: &Workload) -> Stage {
    workload.pods.iter().map(of_pod).max().unwrap_or_default()
}

fn of_pod(pod: &Pod) -> Stage {
    if pod.unschedulable.is_some() || pod.containers.is_empty() {
        return Stage::Scheduling;
    }
    pod.containers.iter().map(of_container).min().unwrap_or_default()
}

/// Containers that have done their work and ended, as those do that run before the others, are ready.
fn of_container(container: &Container) -> Stage {
    match container {
        Container { is_ready: true, .. } => Stage::Ready,
        Container { is_running: true, .. } | Container { restarts: 1.., .. } => Stage::Starting,
        _ => Stage::Pulling,
    }
}

/// Why an app does not wake up, for its visitors.
#[must_use]
pub fn reason_for_visitors(reason: RollOutFailureReason) -> &'static str {
    use RollOutFailureReason as Reason;
    match reason {
        Reason::ImagePull => "One of its images cannot be fetched.",
        Reason::ImageRunsAsRoot | Reason::ObjectRefused => "The cluster does not run it as it is.",
        Reason::CannotStart => "One of its programs cannot be started.",
        Reason::CrashLoop => "One of its programs ends again and again.",
        Reason::QuotaExceeded => "It needs more than its owner's plan has.",
        Reason::Unschedulable => "There is no room for it at the moment.",
        Reason::ProbeFailing => "It runs, and does not answer.",
        Reason::ConfigMissing => "Some of its configuration is missing.",
        Reason::TooSlow => "It takes longer than it may.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workload(pods: Vec<Pod>) -> Workload {
        Workload { wanted: 1, pods, ..Workload::default() }
    }

    fn pod(containers: Vec<Container>) -> Pod {
        Pod { containers, ..Pod::default() }
    }

    fn container(is_running: bool, is_ready: bool) -> Container {
        Container { is_ready, is_running, ..Container::default() }
    }

    #[test]
    fn a_pod_is_as_far_as_its_last_container() {
        let cases = [
            (vec![], Stage::Scheduling),
            (vec![container(false, false)], Stage::Pulling),
            (vec![container(true, false)], Stage::Starting),
            (vec![container(true, true), container(true, false)], Stage::Starting),
            (vec![container(false, true), container(true, true)], Stage::Ready),
        ];
        for (containers, expected) in cases {
            assert_eq!(Stage::of(&[workload(vec![pod(containers.clone())])]), expected, "{containers:?}");
        }
    }

    #[test]
    fn an_app_is_as_far_as_the_last_of_its_workloads_and_a_workload_as_its_first_pod() {
        let ready = workload(vec![pod(vec![container(true, true)]), pod(vec![])]);
        assert_eq!(Stage::of(std::slice::from_ref(&ready)), Stage::Ready);
        assert_eq!(Stage::of(&[ready.clone(), workload(Vec::new())]), Stage::Scheduling);
        let unused = Workload { wanted: 0, ..Workload::default() };
        assert_eq!(Stage::of(&[ready, unused]), Stage::Ready);
        assert_eq!(Stage::of(&[]), Stage::Scheduling);
    }

    #[test]
    fn a_pod_without_a_node_waits_for_one() {
        let full = Pod { unschedulable: Some(("0/1 nodes".to_owned(), 3)), ..pod(vec![container(false, false)]) };
        assert_eq!(Stage::of(&[workload(vec![full])]), Stage::Scheduling);
    }
}
