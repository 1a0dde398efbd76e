//! Workloads are scaled in the epoch of their app, so that nothing late undoes something newer.

use std::time::Duration;

use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use kube::api::{Patch, PatchParams};
use kube::core::{ApiResource, DynamicObject};
use kube::{Api, Client, ResourceExt};
use roost_domain::app::WorkloadKind;
use roost_domain::label::EPOCH;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::error::{found, has_code};
use crate::{ClusterError, FIELD_MANAGER};

/// How often a write is tried anew after somebody else changed the workload.
const TRIES: usize = 10;
/// A pod of a `StatefulSet` may take longer to end, and the next one waits for it by itself.
const LONGEST_STOP: Duration = Duration::from_secs(10);
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
const ACTION: &str = "scale the workload";

/// To what a workload is to be scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// To that many pods, if it has none.
    Start {
        /// How many.
        replicas: u32,
    },
    /// To none.
    Stop {
        /// How many it has, if that has to be so.
        noted: Option<u32>,
    },
}

/// What became of a workload that was to be scaled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scaling {
    /// It is so.
    Done,
    /// The app has moved on since: nothing was changed.
    Superseded,
    /// It is not there.
    Missing,
    /// It was to be stopped, and has another number of pods than is noted: nothing was changed.
    Otherwise(u32),
}

/// Scales a workload, unless it was scaled in a later epoch. One that runs is not started with another number of pods:
/// somebody else has scaled it meanwhile.
pub async fn scale_workload(
    client: &Client,
    namespace: &str,
    workload: (WorkloadKind, &str),
    replicas: u32,
    epoch: u64,
) -> Result<Scaling, ClusterError> {
    let target = if replicas == 0 { Target::Stop { noted: None } } else { Target::Start { replicas } };
    scale(client, namespace, workload, target, epoch).await
}

pub(super) async fn scale(
    client: &Client,
    namespace: &str,
    (kind, name): (WorkloadKind, &str),
    target: Target,
    epoch: u64,
) -> Result<Scaling, ClusterError> {
    let workloads = api(client, namespace, kind);
    let during = ClusterError::during(ACTION);
    let mut last = None;
    for _ in 0..TRIES {
        let read = found(read_at_rest(&workloads, name, target).await).map_err(during)?;
        let Some(read) = read else { return Ok(Scaling::Missing) };
        let patch = match plan(&read, target, epoch) {
            Ok(patch) => patch,
            Err(scaling) => return Ok(scaling),
        };
        let parameters = PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() };
        match workloads.patch(name, &parameters, &Patch::Merge(&patch)).await {
            Ok(_) => return Ok(Scaling::Done),
            Err(error) if has_code(&error, 404) => return Ok(Scaling::Missing),
            Err(error) if has_code(&error, 409) => last = Some(error),
            Err(error) => return Err(during(error)),
        }
    }
    last.map_or(Ok(Scaling::Superseded), |error| Err(during(error)))
}

/// A workload that is to be started is read once nothing of it is left that was stopped before: its pods look ready until
/// their controller has seen that they are to go, and whoever took them for new ones would lead visitors to them.
async fn read_at_rest(
    workloads: &Api<DynamicObject>,
    name: &str,
    target: Target,
) -> Result<DynamicObject, kube::Error> {
    let ends_at = Instant::now() + LONGEST_STOP;
    loop {
        let read = workloads.get(name).await?;
        let is_to_start = matches!(target, Target::Start { .. });
        if !is_to_start || !is_stopping(&read) || Instant::now() > ends_at {
            return Ok(read);
        }
        sleep(BETWEEN_LOOKS).await;
    }
}

/// Whether it is to have no pods, and its controller has not seen to that yet.
fn is_stopping(read: &DynamicObject) -> bool {
    let number = |field| read.data.pointer(field).and_then(Value::as_i64).unwrap_or(0);
    let is_seen = number("/status/observedGeneration") >= read.metadata.generation.unwrap_or(0);
    replicas_of(read) == 0 && (!is_seen || number("/status/replicas") > 0)
}

/// What to write in place of the form that was read: number and epoch in one change, so that a newer write in between
/// makes this one start over, and see the newer epoch.
fn plan(read: &DynamicObject, target: Target, epoch: u64) -> Result<Value, Scaling> {
    let (noted, current) = (noted_epoch(read), replicas_of(read));
    let wanted = match target {
        _ if noted > Some(epoch) => return Err(Scaling::Superseded),
        Target::Stop { noted: Some(noted) } if current > 0 && current != noted => {
            return Err(Scaling::Otherwise(current));
        }
        Target::Stop { .. } => 0,
        Target::Start { replicas } if current == 0 => replicas,
        Target::Start { .. } => current,
    };
    if noted == Some(epoch) && current == wanted {
        return Err(Scaling::Done);
    }
    Ok(json!({
        "metadata": {"resourceVersion": read.resource_version(), "annotations": {EPOCH: epoch.to_string()}},
        "spec": {"replicas": wanted},
    }))
}

fn api(client: &Client, namespace: &str, kind: WorkloadKind) -> Api<DynamicObject> {
    let resource = match kind {
        WorkloadKind::Deployment => ApiResource::erase::<Deployment>(&()),
        WorkloadKind::StatefulSet => ApiResource::erase::<StatefulSet>(&()),
    };
    Api::namespaced_with(client.clone(), namespace, &resource)
}

/// What is no number was not written by the platform, and says nothing.
fn noted_epoch(workload: &DynamicObject) -> Option<u64> {
    workload.annotations().get(EPOCH).and_then(|epoch| epoch.parse().ok())
}

fn replicas_of(workload: &DynamicObject) -> u32 {
    let replicas = workload.data.pointer("/spec/replicas").and_then(Value::as_u64);
    // The API server fills in 1 where nothing is said.
    replicas.and_then(|replicas| u32::try_from(replicas).ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workload(replicas: u32, epoch: &str) -> DynamicObject {
        let metadata = json!({"name": "web", "resourceVersion": "7", "annotations": {EPOCH: epoch}});
        serde_json::from_value(json!({"metadata": metadata, "spec": {"replicas": replicas}})).unwrap()
    }

    fn written(replicas: u32, epoch: &str) -> Value {
        let metadata = json!({"resourceVersion": "7", "annotations": {EPOCH: epoch}});
        json!({"metadata": metadata, "spec": {"replicas": replicas}})
    }

    #[test]
    fn nothing_is_scaled_in_an_earlier_epoch_than_it_was() {
        for target in [Target::Start { replicas: 2 }, Target::Stop { noted: Some(2) }] {
            assert_eq!(plan(&workload(2, "6"), target, 5), Err(Scaling::Superseded));
        }
        assert_eq!(plan(&workload(2, "5"), Target::Stop { noted: Some(2) }, 6), Ok(written(0, "6")));
        assert_eq!(plan(&workload(2, "what a tenant wrote"), Target::Stop { noted: Some(2) }, 6), Ok(written(0, "6")));
    }

    #[test]
    fn a_workload_is_stopping_until_its_controller_has_seen_to_it() {
        let stopped = |observed: i64, replicas: i64| {
            let mut read = workload(0, "5");
            read.metadata.generation = Some(8);
            read.data["status"] = json!({"observedGeneration": observed, "replicas": replicas});
            read
        };
        assert!(is_stopping(&stopped(7, 0)) && is_stopping(&stopped(8, 1)));
        assert!(!is_stopping(&stopped(8, 0)));
        assert!(!is_stopping(&workload(2, "5")), "it runs");
    }

    #[test]
    fn what_has_another_number_of_pods_than_is_noted_is_not_stopped() {
        assert_eq!(plan(&workload(3, "5"), Target::Stop { noted: Some(2) }, 6), Err(Scaling::Otherwise(3)));
        assert_eq!(plan(&workload(0, "6"), Target::Stop { noted: Some(2) }, 6), Err(Scaling::Done));
    }

    #[test]
    fn what_runs_is_not_started_with_another_number_of_pods() {
        assert_eq!(plan(&workload(0, "6"), Target::Start { replicas: 2 }, 7), Ok(written(2, "7")));
        assert_eq!(plan(&workload(3, "6"), Target::Start { replicas: 2 }, 7), Ok(written(3, "7")));
        assert_eq!(plan(&workload(3, "7"), Target::Start { replicas: 2 }, 7), Err(Scaling::Done));
    }
}
