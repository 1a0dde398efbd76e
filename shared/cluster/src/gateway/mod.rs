//! The gateway's replicas: which there are, and where each of them leads.

mod names;

use k8s_openapi::api::core::v1::Pod;
use kube::api::ListParams;
use kube::{Api, Client, ResourceExt};
use serde::Deserialize;

pub(crate) use names::{key_of_app, key_of_router};

use crate::ClusterError;
use crate::system::{NAMESPACE, get_from_pod};

const PODS: &str = "app.kubernetes.io/component=gateway";
/// Where a replica answers questions about itself, and gives its metrics.
const PORT: u16 = 9100;

/// The gateway of a cluster.
#[derive(Clone)]
pub struct Gateways {
    client: Client,
}

/// One way along which a replica leads: <https://doc.traefik.io/traefik/v3.6/reference/install-configuration/api-dashboard/>.
#[derive(Deserialize)]
struct Router {}

impl Gateways {
    /// The gateway of the client's cluster.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Its pods that have begun and not ended, ready or not: each of them may have visitors.
    pub async fn pods(&self) -> Result<Vec<String>, ClusterError> {
        let pods: Api<Pod> = Api::namespaced(self.client.clone(), NAMESPACE);
        let listed = pods.list(&ListParams::default().labels(PODS)).await;
        let listed = listed.map_err(ClusterError::during("list the gateway's pods"))?;
        Ok(listed.iter().filter(|pod| may_have_visitors(pod)).map(ResourceExt::name_any).collect())
    }

    /// Whether a replica leads from that host to an app.
    pub async fn leads_to_app(&self, pod: &str, host: &str) -> Result<bool, ClusterError> {
        let routers: Vec<Router> = get_from_pod(&self.client, (pod, PORT), &format!("api/http/routers?search={host}"))
            .await
            .map_err(ClusterError::during("ask the gateway about a route"))?;
        Ok(!routers.is_empty())
    }
}

fn may_have_visitors(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    !matches!(phase, Some("Pending" | "Succeeded" | "Failed"))
}
