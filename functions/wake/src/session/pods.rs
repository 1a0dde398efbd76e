//! A waking app's pods follow the cluster.

use std::collections::BTreeMap;

use futures::{StreamExt, pin_mut};
use k8s_openapi::api::core::v1::Pod;
use kube::runtime::WatchStreamExt;
use kube::runtime::watcher::{Config, Event, watcher};
use kube::{Api, Client, ResourceExt};
use roost_cluster::deployment::AppPod;
use roost_domain::app::WakeTarget;
use roost_domain::release::observation::Workload;
use roost_domain::visit::Stage;
use tokio::sync::watch;

use crate::host_table::AppId;

/// An app's pods by name.
pub(super) type Pods = BTreeMap<String, AppPod>;

/// Follows an app's pods.
pub(super) async fn follow(client: Client, id: AppId, pods: watch::Sender<Pods>) {
    let api: Api<Pod> = Api::namespaced(client, id.namespace());
    let config = Config::default().labels(&AppPod::selector(id.name()));
    let events = watcher(api, config).default_backoff();
    pin_mut!(events);
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => pods.send_modify(|pods| take_in(event, pods)),
            Err(error) => tracing::warn!(app = %id, %error, "the watch on pods is interrupted"),
        }
    }
}

fn take_in(event: Event<Pod>, pods: &mut Pods) {
    match event {
        Event::Init => pods.clear(),
        Event::InitApply(pod) | Event::Apply(pod) => {
            let name = pod.name_any();
            match AppPod::of(&pod) {
                Some(pod) => drop(pods.insert(name, pod)),
                None => drop(pods.remove(&name)),
            }
        }
        Event::Delete(pod) => drop(pods.remove(&pod.name_any())),
        Event::InitDone => {}
    }
}

/// Whether each of these has a pod that answers.
pub(super) fn are_ready(targets: &[WakeTarget], pods: &Pods) -> bool {
    targets.iter().all(|target| pods_of(target, pods).any(|pod| pod.is_ready))
}

/// How far they have come.
pub(super) fn stage(targets: &[WakeTarget], pods: &Pods) -> Stage {
    let workload = |target: &WakeTarget| Workload {
        wanted: i32::try_from(target.replicas).unwrap_or(i32::MAX),
        pods: pods_of(target, pods).map(|pod| pod.observed.clone()).collect(),
        ..Workload::default()
    };
    Stage::of(&targets.iter().map(workload).collect::<Vec<_>>())
}

fn pods_of<'a>(target: &'a WakeTarget, pods: &'a Pods) -> impl Iterator<Item = &'a AppPod> {
    pods.values().filter(|pod| pod.kind == target.kind && pod.workload == target.name)
}
