//! The platform's own parts in a cluster, reached through its API server: functions are outside of its network.

use http::Request;
use kube::Client;
use serde::de::DeserializeOwned;

/// Where they are.
pub(crate) const NAMESPACE: &str = "roost-system";

/// What a pod answers at a path.
pub(crate) async fn get_from_pod<T: DeserializeOwned>(
    client: &Client,
    (pod, port): (&str, u16),
    path: &str,
) -> Result<T, kube::Error> {
    client.request(get(&format!("pods/{pod}:{port}/proxy/{path}"))?).await
}

/// The text that a Service answers at a path.
pub(crate) async fn text_from_service(
    client: &Client,
    (service, port): (&str, u16),
    path: &str,
) -> Result<String, kube::Error> {
    client.request_text(get(&format!("services/http:{service}:{port}/proxy/{path}"))?).await
}

fn get(path: &str) -> Result<Request<Vec<u8>>, kube::Error> {
    let path = format!("/api/v1/namespaces/{NAMESPACE}/{path}");
    Request::get(path).body(Vec::new()).map_err(kube::Error::HttpError)
}
