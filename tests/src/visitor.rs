//! Somebody who opens an app's address in a browser.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::{Certificate, Client, Method, RequestBuilder, StatusCode};
use roost_domain::release::Project;

use crate::running_platform::variable;
use crate::until;

const CALL_LIMIT: Duration = Duration::from_secs(5);

/// A visitor of one host, who trusts the platform's authority.
pub struct Visitor {
    client: Client,
    address: String,
}

impl Visitor {
    /// A visitor of a project's address.
    pub fn of(project: &Project) -> Result<Self> {
        let address = project.address.as_ref().context("the project has no address")?;
        Self::of_host(&address.host(&variable("ROOST_BASE_DOMAIN")?))
    }

    /// A visitor of any host that the gateway may serve.
    pub fn of_host(host: &str) -> Result<Self> {
        let gateway: SocketAddr = variable("ROOST_GATEWAY_HTTPS")?.parse()?;
        let authority = Certificate::from_pem(&std::fs::read(variable("ROOST_CA_FILE")?)?)?;
        let builder = Client::builder().no_proxy().timeout(CALL_LIMIT).resolve(host, gateway);
        let client = builder.tls_certs_only([authority]).build()?;
        Ok(Self { client, address: format!("https://{host}:{}", gateway.port()) })
    }

    /// The address of that path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// A request for that path, to be completed and sent.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// What the app answers to a request for that path.
    pub async fn get(&self, path: &str) -> Result<(StatusCode, String)> {
        let answer = self.request(Method::GET, path).send().await?;
        Ok((answer.status(), answer.text().await?))
    }

    /// Waits until the answer contains a text: a gateway takes a moment to learn of changes.
    pub async fn sees(&self, path: &str, expected: &str) -> Result<String> {
        until::some(&format!("{expected:?} at {path}"), || async {
            let answer = self.get(path).await.ok();
            Ok(answer.filter(|(_, text)| text.contains(expected)).map(|(_, text)| text))
        })
        .await
    }

    /// Sends a body by POST, and answers with what comes back.
    pub async fn post(&self, path: &str, body: &str) -> Result<(StatusCode, String)> {
        let request = self.request(Method::POST, path).header("content-type", "application/json");
        let answer = request.body(body.to_owned()).send().await?;
        Ok((answer.status(), answer.text().await?))
    }
}
