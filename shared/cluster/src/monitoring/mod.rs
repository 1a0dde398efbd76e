//! What Prometheus has read from the gateway.

mod answer;
mod network;
mod now;
mod since;

use kube::Client;

use crate::ClusterError;
use crate::system::get_from_service;
use answer::Answer;

pub use network::Traffic;
pub use now::Requests;
pub use since::Since;

const SERVICE: (&str, u16) = ("prometheus", 9090);

/// The Prometheus of a cluster.
#[derive(Clone)]
pub struct Monitoring {
    client: Client,
}

impl Monitoring {
    /// The Prometheus of the client's cluster.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    async fn ask(&self, query: &str) -> Result<Answer, ClusterError> {
        let encoded: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let asked = get_from_service(&self.client, SERVICE, &format!("api/v1/query?query={encoded}")).await;
        asked.map_err(ClusterError::during("look up requests"))
    }
}
