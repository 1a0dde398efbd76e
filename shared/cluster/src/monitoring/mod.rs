//! What Prometheus has read from the gateway.

mod answer;
mod network;
mod now;
mod since;

use kube::Client;

use crate::ClusterError;
use crate::system::text_from_service;
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

    /// Asks, and has what is answered read while its text is there.
    async fn ask<T>(&self, query: &str, read: impl FnOnce(&Answer<'_>) -> T) -> Result<T, ClusterError> {
        let during = ClusterError::during("look up requests");
        let encoded: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
        let path = format!("api/v1/query?query={encoded}");
        let text = text_from_service(&self.client, SERVICE, &path).await.map_err(during)?;
        Answer::read(&text).map(|answer| read(&answer)).map_err(during)
    }
}
