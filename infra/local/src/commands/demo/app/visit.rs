//! Visits to the application: over HTTPS, by its own address, as a browser and as a program.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{bail, ensure};
use reqwest::header::{ACCEPT, RETRY_AFTER};
use reqwest::{Certificate, Client, StatusCode};
use tokio::time::{Instant, sleep};

use crate::instance::{GATEWAY_HTTPS, Instance};

/// In which the gateway learns of a new route, and new pods take over.
const LIMIT: Duration = Duration::from_secs(30);
/// As long as the waker holds a request, and some more.
const CALL_LIMIT: Duration = Duration::from_mins(1);
const PERIOD: Duration = Duration::from_millis(50);

pub(super) struct Visitor {
    client: Client,
    /// Where the application is.
    pub(super) address: String,
}

impl Visitor {
    /// One that trusts the platform's authority and needs no resolver.
    pub(super) fn new(instance: &Instance, host: &str) -> anyhow::Result<Self> {
        let port = instance.local_port(GATEWAY_HTTPS);
        let gateway = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let authority = Certificate::from_pem(&fs::read(instance.authority_file())?)?;
        let builder = Client::builder().no_proxy().timeout(CALL_LIMIT).resolve(host, gateway);
        let client = builder.tls_certs_only([authority]).build()?;
        Ok(Self { client, address: format!("https://{host}:{port}") })
    }

    /// Fetches until the answer contains that.
    pub(super) async fn until_answered(&self, path: &str, expected: &str) -> anyhow::Result<String> {
        let deadline = Instant::now() + LIMIT;
        loop {
            match self.fetch(path).await {
                Ok(answer) if answer.contains(expected) => return Ok(answer),
                Ok(answer) if Instant::now() > deadline => bail!("{path} does not answer {expected:?} but\n{answer}"),
                Err(error) if Instant::now() > deadline => bail!("{path} does not answer: {error}"),
                _ => sleep(PERIOD).await,
            }
        }
    }

    /// What a browser is shown instead of an application that sleeps.
    pub(super) async fn navigate(&self) -> anyhow::Result<String> {
        let answer = self.as_browser().send().await?;
        let status = answer.status();
        ensure!(status == StatusCode::SERVICE_UNAVAILABLE, "the browser is answered {status}");
        ensure!(answer.headers().contains_key(RETRY_AFTER), "the page does not say when to come again");
        Ok(answer.text().await?)
    }

    /// Navigates until the application answers itself.
    pub(super) async fn until_app(&self) -> anyhow::Result<String> {
        let deadline = Instant::now() + LIMIT;
        while Instant::now() < deadline {
            let answer = self.as_browser().send().await?;
            if answer.status().is_success() {
                return Ok(answer.text().await?);
            }
            sleep(PERIOD).await;
        }
        bail!("the app does not answer the browser")
    }

    /// What a program is answered that sends something.
    pub(super) async fn post(&self, path: &str, body: &'static str) -> anyhow::Result<String> {
        let answer = self.client.post(format!("{}{path}", self.address)).body(body).send().await?;
        Ok(answer.error_for_status()?.text().await?)
    }

    fn as_browser(&self) -> reqwest::RequestBuilder {
        let request = self.client.get(format!("{}/", self.address)).header(ACCEPT, "text/html");
        request.header("sec-fetch-mode", "navigate").header("sec-fetch-dest", "document")
    }

    async fn fetch(&self, path: &str) -> reqwest::Result<String> {
        self.client.get(format!("{}{path}", self.address)).send().await?.error_for_status()?.text().await
    }
}
