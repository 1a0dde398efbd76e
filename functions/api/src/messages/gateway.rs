//! The way to apps, which is everybody's: through the gateway, by their own address.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::HeaderMap;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// By this name the platform asks; the waker takes it for no robot.
const AGENT: &str = "roost-api";

/// A client for apps.
#[derive(Clone)]
pub(crate) struct Gateway {
    client: Client,
    port: Option<String>,
}

/// Finds every app at one place.
struct OnePlace(SocketAddr);

impl Resolve for OnePlace {
    fn resolve(&self, _: Name) -> Resolving {
        let place: Addrs = Box::new(std::iter::once(self.0));
        Box::pin(std::future::ready(Ok(place)))
    }
}

impl Gateway {
    /// The gateway at that place, or else where apps' names lead, at the port that users see.
    pub(crate) fn new(place: Option<SocketAddr>, port: Option<&str>) -> Result<Self, reqwest::Error> {
        // How long an answer takes is the agent's matter; the function's own limit ends it.
        let client = Client::builder().connect_timeout(CONNECT_LIMIT).redirect(Policy::none()).no_proxy();
        let client = client.user_agent(AGENT);
        let client = match place {
            Some(place) => client.dns_resolver(std::sync::Arc::new(OnePlace(place))),
            None => client,
        };
        let port = place.map(|place| place.port().to_string()).or_else(|| port.map(str::to_owned));
        Ok(Self { client: client.build()?, port })
    }

    /// Sends something to an app; answers with the head of its answer.
    pub(super) async fn post(
        &self,
        (host, path): (&str, &str),
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Response, reqwest::Error> {
        let port = self.port.as_ref().map(|port| format!(":{port}")).unwrap_or_default();
        self.client.post(format!("https://{host}{port}{path}")).headers(headers).body(body).send().await
    }
}
