//! What the pods of some apps have received and sent.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Monitoring;
use super::answer::{Answer, count};
use crate::ClusterError;

const BYTES: &str = "container_network_(?:receive|transmit)_bytes_total";

/// Bytes by namespace and pod, and when they were looked up.
#[derive(Debug, Default)]
pub struct Traffic {
    bytes: BTreeMap<(String, String), (Timestamp, u64)>,
}

impl Monitoring {
    /// Looks up what all pods of those namespaces have received and sent.
    pub async fn traffic(&self, namespaces: &[&str]) -> Result<Traffic, ClusterError> {
        if namespaces.is_empty() {
            return Ok(Traffic::default());
        }
        let namespaces = namespaces.join("|");
        let query = format!(r#"sum by (namespace, pod) ({{__name__=~"{BYTES}",namespace=~"{namespaces}"}})"#);
        self.ask(&query, Traffic::read).await
    }
}

impl Traffic {
    fn read(answer: &Answer<'_>) -> Self {
        let bytes = answer.series().iter().filter_map(|series| {
            let (at, bytes) = series.value()?;
            Some(((series.metric.namespace.to_string(), series.metric.pod.to_string()), (at, count(bytes))))
        });
        Self { bytes: bytes.collect() }
    }

    /// What the pods of these workloads come to, and as of when; `None` if nothing is known of any.
    #[must_use]
    pub fn of(&self, namespace: &str, workloads: &[&str]) -> Option<(Timestamp, u64)> {
        let of_app =
            |pod: &str| workloads.iter().any(|name| pod.strip_prefix(name).is_some_and(|rest| rest.starts_with('-')));
        let own = self.bytes.iter().filter(|((place, pod), _)| place == namespace && of_app(pod));
        own.map(|(_, read)| *read).reduce(|(one, sum), (other, bytes)| (one.max(other), sum + bytes))
    }
}
