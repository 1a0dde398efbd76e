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
    get(client, &format!("/api/v1/namespaces/{NAMESPACE}/pods/{pod}:{port}/proxy/{path}")).await
}

/// What a Service answers at a path.
pub(crate) async fn get_from_service<T: DeserializeOwned>(
    client: &Client,
    (service, port): (&str, u16),
    path: &str,
) -> Result<T, kube::Error> {
    get(client, &format!("/api/v1/namespaces/{NAMESPACE}/services/http:{service}:{port}/proxy/{path}")).await
}

async fn get<T: DeserializeOwned>(client: &Client, path: &str) -> Result<T, kube::Error> {
    let request = Request::get(path).body(Vec::new()).map_err(kube::Error::HttpError)?;
    client.request(request).await
}
