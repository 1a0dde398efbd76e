//! The workloads of an app that is waking up, as the platform's own account sees them.

use futures::try_join;
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::core::v1::{Event, Pod};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use k8s_openapi::{Metadata, NamespaceResourceScope, Resource};
use kube::api::ListParams;
use kube::{Api, Client};
use roost_domain::app::{WakeTarget, WorkloadKind};
use roost_domain::label::{MANAGED_BY, PROJECT};
use roost_domain::release::observation::{Pod as ObservedPod, Workload};
use serde::de::DeserializeOwned;

use super::view::{Cluster, observed};
use crate::ClusterError;

const TEMPLATE_HASH: &str = "pod-template-hash";

/// A pod of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppPod {
    /// Which workload made it.
    pub kind: WorkloadKind,
    /// The workload's name.
    pub workload: String,
    /// Whether it answers, and is not on its way out.
    pub is_ready: bool,
    /// What the rules look at.
    pub observed: ObservedPod,
}

impl AppPod {
    /// A pod as the cluster shows it; nothing if no workload made it.
    #[must_use]
    pub fn of(pod: &Pod) -> Option<Self> {
        let owner = pod.metadata.owner_references.iter().flatten().find(|owner| owner.controller == Some(true))?;
        let (kind, workload) = workload_of(owner, pod)?;
        let conditions = pod.status.as_ref().and_then(|status| status.conditions.as_deref()).unwrap_or_default();
        let answers = conditions.iter().any(|condition| condition.type_ == "Ready" && condition.status == "True");
        let is_ready = answers && pod.metadata.deletion_timestamp.is_none();
        Some(Self { kind, workload, is_ready, observed: observed(pod) })
    }

    /// Selects a project's pods.
    #[must_use]
    pub fn selector(project: &str) -> String {
        format!("{MANAGED_BY}=roost,{PROJECT}={project}")
    }
}

/// A Deployment's pods belong to one of its `ReplicaSet`s, which has its name with a hash.
fn workload_of(owner: &OwnerReference, pod: &Pod) -> Option<(WorkloadKind, String)> {
    match owner.kind.as_str() {
        "StatefulSet" => Some((WorkloadKind::StatefulSet, owner.name.clone())),
        "ReplicaSet" => {
            let hash = pod.metadata.labels.as_ref()?.get(TEMPLATE_HASH)?;
            let name = owner.name.strip_suffix(hash)?.strip_suffix('-')?;
            Some((WorkloadKind::Deployment, name.to_owned()))
        }
        _ => None,
    }
}

/// What has become of workloads that are to run again, with all that may be in their way.
pub async fn waking_workloads(
    client: &Client,
    namespace: &str,
    project: &str,
    targets: &[WakeTarget],
) -> Result<Vec<Workload>, ClusterError> {
    let own = ListParams::default().labels(&AppPod::selector(project));
    let failed = ListParams::default().fields("involvedObject.kind=StatefulSet,reason=FailedCreate,type=Warning");
    let listed = try_join!(
        list::<Deployment>(client, namespace, &own),
        list::<StatefulSet>(client, namespace, &own),
        list::<ReplicaSet>(client, namespace, &own),
        list::<Pod>(client, namespace, &own),
        list::<Event>(client, namespace, &failed),
    );
    let (deployments, stateful_sets, replica_sets, pods, events) =
        listed.map_err(ClusterError::during("look at an app's workloads"))?;
    let is_target =
        |kind, name: Option<&String>| targets.iter().any(|target| target.kind == kind && Some(&target.name) == name);
    let cluster = Cluster { replica_sets, pods, events };
    let deployments = deployments.iter().filter(|one| is_target(WorkloadKind::Deployment, one.metadata.name.as_ref()));
    let stateful_sets =
        stateful_sets.iter().filter(|one| is_target(WorkloadKind::StatefulSet, one.metadata.name.as_ref()));
    let deployments = deployments.map(|deployment| cluster.deployment(deployment));
    Ok(deployments.chain(stateful_sets.map(|set| cluster.stateful_set(set))).collect())
}

async fn list<K>(client: &Client, namespace: &str, parameters: &ListParams) -> Result<Vec<K>, kube::Error>
where
    K: Resource<Scope = NamespaceResourceScope> + Metadata<Ty = kube::core::ObjectMeta> + Clone + DeserializeOwned,
    K: std::fmt::Debug,
{
    Ok(Api::<K>::namespaced(client.clone(), namespace).list(parameters).await?.items)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(owner: (&str, &str), ready: &str, deleted: Option<&str>) -> Option<AppPod> {
        let pod = json!({
            "metadata": {
                "name": "web-7d9f-x", "labels": {"pod-template-hash": "7d9f"}, "deletionTimestamp": deleted,
                "ownerReferences": [
                    {"apiVersion": "apps/v1", "kind": owner.0, "name": owner.1, "uid": "u", "controller": true},
                ],
            },
            "status": {"conditions": [{"type": "Ready", "status": ready}]},
        });
        AppPod::of(&serde_json::from_value(pod).unwrap())
    }

    #[test]
    fn a_pod_belongs_to_the_workload_that_made_it() {
        let of_deployment = pod(("ReplicaSet", "web-7d9f"), "True", None).unwrap();
        assert_eq!((of_deployment.kind, of_deployment.workload.as_str()), (WorkloadKind::Deployment, "web"));
        let of_set = pod(("StatefulSet", "data"), "True", None).unwrap();
        assert_eq!((of_set.kind, of_set.workload.as_str()), (WorkloadKind::StatefulSet, "data"));
        assert_eq!(pod(("Job", "once"), "True", None), None);
    }

    #[test]
    fn a_pod_is_ready_while_it_answers_and_stays() {
        let is_ready = |ready, deleted| pod(("StatefulSet", "data"), ready, deleted).unwrap().is_ready;
        assert!(is_ready("True", None));
        assert!(!is_ready("False", None));
        assert!(!is_ready("True", Some("2030-01-01T00:00:00Z")));
    }
}
