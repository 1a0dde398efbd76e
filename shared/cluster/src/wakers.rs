//! The servers that wake apps, and what each has to do with one.

use futures::future::try_join_all;
use k8s_openapi::api::core::v1::Pod;
use kube::api::ListParams;
use kube::{Api, Client, ResourceExt};
use roost_domain::app::idle::Forwarding;

use crate::ClusterError;
use crate::app::App;
use crate::system::{NAMESPACE, get_from_pod};

const PODS: &str = "app.kubernetes.io/component=wake";
/// The name of the port at which a waker answers about itself.
const PORT: &str = "health";

/// A cluster's wakers.
#[derive(Clone)]
pub struct Wakers {
    client: Client,
}

/// A pod of the wakers that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waker {
    pod: String,
    port: u16,
    /// Whether it takes requests.
    pub is_ready: bool,
}

impl Wakers {
    /// The wakers of the client's cluster.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Those that run, ready or not: each may still have requests.
    pub async fn list(&self) -> Result<Vec<Waker>, ClusterError> {
        let pods: Api<Pod> = Api::namespaced(self.client.clone(), NAMESPACE);
        let listed = pods.list(&ListParams::default().labels(PODS)).await;
        let listed = listed.map_err(ClusterError::during("list the wakers"))?;
        Ok(listed.iter().filter_map(waker).collect())
    }

    /// What each of them has to do with an app. One that does not answer is an error: it may have anything.
    pub async fn forwarding(&self, wakers: &[Waker], app: &App) -> Result<Vec<Forwarding>, ClusterError> {
        let path = format!("apps/{}/{}", app.namespace(), app.name());
        let answers = wakers.iter().map(|waker| get_from_pod(&self.client, (&waker.pod, waker.port), &path));
        try_join_all(answers).await.map_err(ClusterError::during("ask the wakers about an app"))
    }
}

fn waker(pod: &Pod) -> Option<Waker> {
    let status = pod.status.as_ref()?;
    let mut ports = pod.spec.as_ref()?.containers.iter().flat_map(|container| container.ports.iter().flatten());
    let port = ports.find(|port| port.name.as_deref() == Some(PORT))?;
    let mut conditions = status.conditions.iter().flatten();
    let is_ready = conditions.any(|condition| condition.type_ == "Ready" && condition.status == "True");
    let port = u16::try_from(port.container_port).ok()?;
    (status.phase.as_deref() == Some("Running")).then(|| Waker { pod: pod.name_any(), port, is_ready })
}
