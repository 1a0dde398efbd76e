//! What autoscalers hold to be the least: a workload that wakes with fewer pods would be scaled twice.

use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use kube::api::ListParams;
use kube::{Api, Client};
use roost_cluster::deployment::AppPod;
use roost_domain::app::WakeTarget;

use crate::host_table::AppId;

/// The least number of pods of each workload, by its kind and name.
pub(super) type Minimums = Vec<(String, String, u32)>;

/// What the app's autoscalers say; nothing if they cannot be read, as they catch up by themselves.
pub(super) async fn minimums(client: &Client, id: &AppId) -> Minimums {
    let api: Api<HorizontalPodAutoscaler> = Api::namespaced(client.clone(), id.namespace());
    let listed = api.list(&ListParams::default().labels(&AppPod::selector(id.name()))).await;
    listed.map(|listed| listed.items.into_iter().filter_map(minimum).collect()).unwrap_or_default()
}

fn minimum(autoscaler: HorizontalPodAutoscaler) -> Option<(String, String, u32)> {
    let spec = autoscaler.spec?;
    let least = spec.min_replicas.and_then(|least| u32::try_from(least).ok()).unwrap_or(1);
    Some((spec.scale_target_ref.kind, spec.scale_target_ref.name, least))
}

/// Raises what is to run to what autoscalers hold to be the least.
pub(super) fn raise(targets: &mut [WakeTarget], minimums: &Minimums) {
    for target in targets {
        let least = minimums.iter().find(|(kind, name, _)| kind == target.kind.name() && *name == target.name);
        target.replicas = target.replicas.max(least.map_or(0, |(_, _, least)| *least));
    }
}

#[cfg(test)]
mod tests {
    use roost_domain::app::WorkloadKind;

    use super::*;

    #[test]
    fn a_workload_wakes_with_no_fewer_pods_than_its_autoscaler_wants() {
        let target = |name: &str, replicas| WakeTarget {
            kind: WorkloadKind::Deployment,
            name: name.to_owned(),
            replicas,
            wave: 0,
        };
        let mut targets = [target("web", 1), target("api", 5), target("jobs", 1)];
        let minimum = |name: &str| ("Deployment".to_owned(), name.to_owned(), 3);
        raise(&mut targets, &vec![minimum("web"), minimum("api")]);
        assert_eq!(targets.map(|target| target.replicas), [3, 5, 1]);
    }
}
