//! From Kubernetes' objects to what the rules of roll-outs look at.

use jiff::Timestamp;
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::core::v1::{ContainerStatus, Event, Pod as KubernetesPod};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use roost_domain::release::observation::{Container, Pod, Workload};

/// Which of a Deployment's `ReplicaSet`s is the newest.
const REVISION: &str = "deployment.kubernetes.io/revision";
const TEMPLATE_HASH: &str = "pod-template-hash";
const STATEFUL_REVISION: &str = "controller-revision-hash";
/// An event that was not repeated for so many seconds is over.
const EVENT_AGE: i64 = 60;

/// What belongs to workloads.
pub(super) struct Cluster {
    pub(super) replica_sets: Vec<ReplicaSet>,
    pub(super) pods: Vec<KubernetesPod>,
    pub(super) events: Vec<Event>,
}

impl Cluster {
    /// A Deployment with the pods of its newest revision.
    pub(super) fn deployment(&self, deployment: &Deployment) -> Workload {
        let status = deployment.status.clone().unwrap_or_default();
        let name = deployment.metadata.name.as_deref().unwrap_or_default();
        let conditions = status.conditions.unwrap_or_default();
        let failure =
            conditions.iter().find(|condition| condition.type_ == "ReplicaFailure" && condition.status == "True");
        let failure = failure.map(|condition| {
            (condition.message.clone().unwrap_or_default(), age(condition.last_transition_time.as_ref()))
        });
        let wanted = deployment.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
        // Counts pods of earlier revisions too; those are gone once there are no more pods than updated ones.
        let ready = status.available_replicas.unwrap_or(0).min(status.updated_replicas.unwrap_or(0))
            - (status.replicas.unwrap_or(0) - status.updated_replicas.unwrap_or(0)).max(0);
        let newest = self.newest_set(name);
        Workload {
            object: format!("Deployment {name}"),
            is_seen: is_seen(&deployment.metadata, status.observed_generation),
            wanted,
            updated: status.updated_replicas.unwrap_or(0),
            ready: if newest.is_none_or(|set| has_caught_up(set, wanted)) { ready } else { 0 },
            creation_failure: failure,
            pods: self.pods_of(TEMPLATE_HASH, newest.and_then(hash_of)),
        }
    }

    /// A `StatefulSet` with the pods of its newest revision.
    pub(super) fn stateful_set(&self, set: &StatefulSet) -> Workload {
        let status = set.status.clone().unwrap_or_default();
        let name = set.metadata.name.as_deref().unwrap_or_default();
        let wanted = set.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
        // The count of updated pods is not kept once all are.
        let is_current = status.update_revision.is_some() && status.update_revision == status.current_revision;
        Workload {
            object: format!("StatefulSet {name}"),
            is_seen: is_seen(&set.metadata, status.observed_generation),
            wanted,
            updated: if is_current { status.replicas } else { status.updated_replicas.unwrap_or(0) },
            ready: status.ready_replicas.unwrap_or(0),
            creation_failure: self.creation_failure_of(name),
            pods: self.pods_of(STATEFUL_REVISION, status.update_revision.as_deref()),
        }
    }

    /// A workload that should be there and is not.
    pub(super) fn missing() -> Workload {
        Workload { object: "a workload that was deleted".to_owned(), wanted: 1, ..Workload::default() }
    }

    fn newest_set(&self, deployment: &str) -> Option<&ReplicaSet> {
        let is_owner = |set: &&ReplicaSet| {
            let owners = set.metadata.owner_references.iter().flatten();
            owners.into_iter().any(|owner| owner.kind == "Deployment" && owner.name == deployment)
        };
        let revision = |set: &&ReplicaSet| -> i64 {
            let text = set.metadata.annotations.as_ref().and_then(|annotations| annotations.get(REVISION));
            text.and_then(|text| text.parse().ok()).unwrap_or(0)
        };
        self.replica_sets.iter().filter(is_owner).max_by_key(revision)
    }

    fn pods_of(&self, label: &str, value: Option<&str>) -> Vec<Pod> {
        let is_own = |pod: &&KubernetesPod| {
            let labels = pod.metadata.labels.as_ref();
            value.is_some() && labels.and_then(|labels| labels.get(label)).map(String::as_str) == value
        };
        self.pods.iter().filter(is_own).map(observed).collect()
    }

    fn creation_failure_of(&self, set: &str) -> Option<(String, i64)> {
        let of_set = self.events.iter().filter(|event| event.involved_object.name.as_deref() == Some(set));
        let recent = of_set.filter(|event| age(event.last_timestamp.as_ref()) < EVENT_AGE);
        let newest = recent.max_by_key(|event| event.last_timestamp.as_ref().map(|time| time.0))?;
        Some((newest.message.clone().unwrap_or_default(), age(newest.first_timestamp.as_ref())))
    }
}

/// Whether it has heard how many pods there are to be. One that was to have none a moment ago still counts its pods, and
/// ends them.
fn has_caught_up(set: &ReplicaSet, wanted: i32) -> bool {
    let observed = set.status.as_ref().and_then(|status| status.observed_generation);
    set.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1) == wanted && is_seen(&set.metadata, observed)
}

fn hash_of(set: &ReplicaSet) -> Option<&str> {
    set.metadata.labels.as_ref()?.get(TEMPLATE_HASH).map(String::as_str)
}

/// A pod, reduced to what the rules look at.
pub(super) fn observed(pod: &KubernetesPod) -> Pod {
    let status = pod.status.clone().unwrap_or_default();
    let conditions = status.conditions.unwrap_or_default();
    let unscheduled = conditions
        .iter()
        .find(|condition| condition.type_ == "PodScheduled" && condition.reason.as_deref() == Some("Unschedulable"));
    let unschedulable = unscheduled
        .map(|condition| (condition.message.clone().unwrap_or_default(), age(condition.last_transition_time.as_ref())));
    let containers = status.init_container_statuses.unwrap_or_default().into_iter();
    let containers = containers.chain(status.container_statuses.unwrap_or_default());
    Pod {
        name: pod.metadata.name.clone().unwrap_or_default(),
        age: age(pod.metadata.creation_timestamp.as_ref()),
        unschedulable,
        containers: containers.map(container).collect(),
    }
}

fn container(status: ContainerStatus) -> Container {
    let state = status.state.unwrap_or_default();
    let last = status.last_state.unwrap_or_default();
    let ended = state.terminated.or(last.terminated).filter(|ended| ended.exit_code != 0);
    Container {
        name: status.name,
        is_ready: status.ready,
        is_running: state.running.is_some(),
        restarts: status.restart_count,
        waiting: state.waiting.map(|waiting| (waiting.reason.unwrap_or_default(), waiting.message.unwrap_or_default())),
        ended: ended.map(|ended| (ended.exit_code, ended.reason.unwrap_or_default())),
    }
}

fn is_seen(metadata: &ObjectMeta, observed_generation: Option<i64>) -> bool {
    metadata.generation.is_some() && observed_generation >= metadata.generation
}

/// In seconds.
fn age(since: Option<&Time>) -> i64 {
    since.map_or(0, |since| Timestamp::now().as_second() - since.0.as_second())
}
