//! A release's workloads and their pods, as the cluster shows them.

use futures::try_join;
use k8s_openapi::api::apps::v1::{Deployment as KubernetesDeployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::core::v1::{Event, Pod};
use kube::api::ListParams;
use kube::core::{ObjectList, Request, Resource};
use roost_domain::release::observation::{Verdict, judge};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Deployment;
use super::names::names_of;
use super::view::Cluster;
use crate::ClusterError;

impl Deployment {
    /// Judges the Deployments and `StatefulSet`s among these objects by what has become of them.
    pub async fn observe(&self, objects: &[Value]) -> Result<Verdict, ClusterError> {
        let own = ListParams::default().labels(&self.label_selector());
        let failed_creations =
            ListParams::default().fields("involvedObject.kind=StatefulSet,reason=FailedCreate,type=Warning");
        let listed = try_join!(
            self.list_whole::<KubernetesDeployment>(&own),
            self.list_whole::<StatefulSet>(&own),
            self.list_whole::<ReplicaSet>(&own),
            self.list_whole::<Pod>(&own),
            self.list_whole::<Event>(&failed_creations),
        );
        let (mut deployments, mut stateful_sets, replica_sets, pods, events) =
            listed.map_err(ClusterError::during("look at a release's workloads"))?;
        let (wanted, wanted_stateful) = (names_of(objects, "Deployment"), names_of(objects, "StatefulSet"));
        let is_in = |names: &std::collections::BTreeSet<&str>, name: Option<&String>| {
            name.is_some_and(|name| names.contains(name.as_str()))
        };
        deployments.retain(|deployment| is_in(&wanted, deployment.metadata.name.as_ref()));
        stateful_sets.retain(|set| is_in(&wanted_stateful, set.metadata.name.as_ref()));
        let missing = wanted.len() + wanted_stateful.len() - deployments.len() - stateful_sets.len();
        let cluster = Cluster { replica_sets, pods, events };
        let mut workloads: Vec<_> = deployments.iter().map(|deployment| cluster.deployment(deployment)).collect();
        workloads.extend(stateful_sets.iter().map(|set| cluster.stateful_set(set)));
        // One that somebody deleted meanwhile is never ready.
        workloads.extend((0..missing).map(|_| Cluster::missing()));
        Ok(judge(&workloads))
    }

    pub(super) async fn list_whole<K>(&self, parameters: &ListParams) -> Result<Vec<K>, kube::Error>
    where
        K: Resource<Scope = k8s_openapi::NamespaceResourceScope> + Clone + DeserializeOwned,
        K::DynamicType: Default,
    {
        let place = K::url_path(&K::DynamicType::default(), Some(&self.namespace));
        let request = Request::new(place).list(parameters).map_err(kube::Error::BuildRequest)?;
        let listed: ObjectList<K> = self.call(request).await?;
        Ok(listed.items)
    }
}
