//! What the cluster shows around an app that is about to sleep.

use futures::try_join;
use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{PodTemplateSpec, Probe};
use kube::api::ListParams;
use kube::{Api, ResourceExt};
use roost_domain::app::idle::{Surroundings, WorkloadState};
use roost_domain::app::{AppWorkload, WorkloadKind};
use roost_domain::label::KEEP_AWAKE;

use super::{App, Apps};
use crate::ClusterError;
use crate::error::found;

/// A probe with its answer, and a connection made and ended for it, both ways.
const PROBE_BYTES: u64 = 3000;

/// A workload, and whether it keeps its app awake.
struct Seen {
    state: WorkloadState,
    keeps_awake: bool,
    probes: u64,
}

impl Apps {
    /// What surrounds an app: its workloads and what scales them.
    pub async fn surroundings(&self, app: &App) -> Result<Surroundings, ClusterError> {
        let autoscalers: Api<HorizontalPodAutoscaler> = Api::namespaced(self.client.clone(), app.namespace());
        let everything = ListParams::default();
        let workloads = app.spec.workloads.iter().map(|workload| self.see(app.namespace(), workload));
        let both = try_join!(futures::future::try_join_all(workloads), autoscalers.list(&everything));
        let (seen, autoscalers) = both.map_err(ClusterError::during("look at what surrounds the app"))?;
        let is_kept_awake = seen.iter().any(|seen| seen.keeps_awake);
        let probes = seen.iter().map(|seen| seen.probes).sum();
        let workloads = seen.into_iter().map(|seen| {
            let is_being_scaled = autoscalers.iter().any(|scaler| is_at_work(scaler, &seen.state));
            WorkloadState { is_being_scaled, ..seen.state }
        });
        Ok(Surroundings { is_kept_awake, workloads: workloads.collect(), probes })
    }

    /// Whether every workload that is to wake has all its pods ready.
    pub async fn is_ready(&self, app: &App) -> Result<bool, ClusterError> {
        let targets = app.standing().wake_targets(&app.spec);
        let ready = targets.iter().map(|target| self.ready_pods(app.namespace(), target.kind, &target.name));
        let ready = futures::future::try_join_all(ready).await;
        let ready = ready.map_err(ClusterError::during("look at the app's workloads"))?;
        Ok(ready.iter().zip(&targets).all(|(ready, target)| *ready >= target.replicas.min(1)))
    }

    async fn ready_pods(&self, namespace: &str, kind: WorkloadKind, name: &str) -> Result<u32, kube::Error> {
        let ready = match kind {
            WorkloadKind::Deployment => {
                let deployment = found(self.workloads::<Deployment>(namespace).get(name).await)?;
                deployment.and_then(|deployment| {
                    let (generation, status) = (deployment.metadata.generation, deployment.status?);
                    status.ready_replicas.filter(|_| status.observed_generation >= generation)
                })
            }
            WorkloadKind::StatefulSet => {
                let set = found(self.workloads::<StatefulSet>(namespace).get(name).await)?;
                set.and_then(|set| {
                    let (generation, status) = (set.metadata.generation, set.status?);
                    status.ready_replicas.filter(|_| status.observed_generation >= generation)
                })
            }
        };
        Ok(count(ready))
    }

    async fn see(&self, namespace: &str, workload: &AppWorkload) -> Result<Seen, kube::Error> {
        let seen = match workload.kind {
            WorkloadKind::Deployment => {
                found(self.workloads(namespace).get(&workload.name).await)?.map(|deployment| of_deployment(&deployment))
            }
            WorkloadKind::StatefulSet => {
                found(self.workloads(namespace).get(&workload.name).await)?.map(|set| of_stateful_set(&set))
            }
        };
        let missing =
            || WorkloadState { replicas: None, ..WorkloadState::steady(workload.kind, workload.name.clone(), 0) };
        Ok(seen.unwrap_or_else(|| Seen { state: missing(), keeps_awake: false, probes: 0 }))
    }

    fn workloads<K>(&self, namespace: &str) -> Api<K>
    where
        K: kube::Resource<Scope = k8s_openapi::NamespaceResourceScope, DynamicType = ()>,
    {
        Api::namespaced(self.client.clone(), namespace)
    }
}

fn of_deployment(deployment: &Deployment) -> Seen {
    let status = deployment.status.clone().unwrap_or_default();
    let wanted = deployment.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
    let is_seen = status.observed_generation >= deployment.metadata.generation;
    let is_steady = status.replicas.unwrap_or(0) == wanted && status.updated_replicas.unwrap_or(0) == wanted;
    let steady = WorkloadState::steady(WorkloadKind::Deployment, deployment.name_any(), count(Some(wanted)));
    let template = deployment.spec.as_ref().map(|spec| &spec.template);
    let probes = probes_of(template, count(Some(wanted)));
    let state = WorkloadState { is_changing: !is_seen || !is_steady, ..steady };
    Seen { state, keeps_awake: keeps_awake(deployment), probes }
}

fn of_stateful_set(set: &StatefulSet) -> Seen {
    let (spec, status) = (set.spec.clone().unwrap_or_default(), set.status.clone().unwrap_or_default());
    let wanted = spec.replicas.unwrap_or(1);
    let is_seen = status.observed_generation >= set.metadata.generation;
    let is_steady = status.replicas == wanted && status.current_revision == status.update_revision;
    let retention = spec.persistent_volume_claim_retention_policy.and_then(|policy| policy.when_scaled);
    let has_volumes = spec.volume_claim_templates.is_some_and(|templates| !templates.is_empty());
    let steady = WorkloadState::steady(WorkloadKind::StatefulSet, set.name_any(), count(Some(wanted)));
    let state = WorkloadState {
        is_changing: !is_seen || !is_steady,
        loses_volumes: has_volumes && retention.as_deref() == Some("Delete"),
        ..steady
    };
    let probes = probes_of(Some(&spec.template), count(Some(wanted)));
    Seen { state, keeps_awake: keeps_awake(set), probes }
}

/// What probing so many pods comes to, in bytes per second.
fn probes_of(template: Option<&PodTemplateSpec>, pods: u32) -> u64 {
    let containers = template.and_then(|template| template.spec.as_ref()).map(|spec| spec.containers.as_slice());
    let probes = containers.unwrap_or_default().iter();
    let probes = probes.flat_map(|container| [&container.readiness_probe, &container.liveness_probe]).flatten();
    // A probe without a period comes every ten seconds.
    let rate = |probe: &Probe| PROBE_BYTES.div_ceil(u64::from(count(probe.period_seconds.or(Some(10))).max(1)));
    probes.map(rate).sum::<u64>() * u64::from(pods)
}

fn keeps_awake(workload: &impl ResourceExt) -> bool {
    workload.annotations().get(KEEP_AWAKE).is_some_and(|value| value == "true")
}

/// Whether an autoscaler wants another number of pods than the workload has.
fn is_at_work(scaler: &HorizontalPodAutoscaler, workload: &WorkloadState) -> bool {
    let Some(spec) = &scaler.spec else { return false };
    let target = &spec.scale_target_ref;
    let wants = scaler.status.as_ref().map(|status| count(Some(status.desired_replicas))).filter(|wants| *wants > 0);
    let is_its = target.kind == workload.kind.name() && target.name == workload.name;
    is_its && wants.is_some() && wants != workload.replicas
}

fn count(replicas: Option<i32>) -> u32 {
    replicas.and_then(|replicas| u32::try_from(replicas).ok()).unwrap_or(0)
}
