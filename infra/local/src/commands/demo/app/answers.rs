//! What the running application answers, over HTTPS and by its own address.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::bail;
use reqwest::{Certificate, Client};
use tokio::time::{Instant, sleep};

use crate::instance::{GATEWAY_HTTPS, Instance};

/// In which the gateway learns of a new route, and new pods take over.
const LIMIT: Duration = Duration::from_secs(10);
const CALL_LIMIT: Duration = Duration::from_secs(5);
const PERIOD: Duration = Duration::from_millis(50);

/// Fetches a page and an answer of the API; each must come from its component.
pub(super) async fn show(instance: &Instance, host: &str, greeting: &str) -> anyhow::Result<()> {
    let client = client(instance, host)?;
    let address = format!("https://{host}:{}", instance.local_port(GATEWAY_HTTPS));
    println!("\n{address}");
    until_answered(&client, &format!("{address}/"), &format!("<h1>{greeting}</h1>")).await?;
    println!("✓ GET /           web: {greeting}");
    let answer = until_answered(&client, &format!("{address}/api/hello"), "\"path\": \"/api/hello\"").await?;
    println!("✓ GET /api/hello  api: {answer}");
    Ok(())
}

/// A client that trusts the platform's authority and needs no resolver.
fn client(instance: &Instance, host: &str) -> anyhow::Result<Client> {
    let gateway = SocketAddr::from((Ipv4Addr::LOCALHOST, instance.local_port(GATEWAY_HTTPS)));
    let authority = Certificate::from_pem(&fs::read(instance.authority_file())?)?;
    let builder = Client::builder().no_proxy().timeout(CALL_LIMIT).resolve(host, gateway);
    Ok(builder.tls_certs_only([authority]).build()?)
}

async fn until_answered(client: &Client, url: &str, expected: &str) -> anyhow::Result<String> {
    let deadline = Instant::now() + LIMIT;
    loop {
        match fetch(client, url).await {
            Ok(answer) if answer.contains(expected) => return Ok(answer),
            Ok(answer) if Instant::now() > deadline => bail!("{url} does not answer {expected:?} but\n{answer}"),
            Err(error) if Instant::now() > deadline => bail!("{url} does not answer: {error}"),
            _ => sleep(PERIOD).await,
        }
    }
}

async fn fetch(client: &Client, url: &str) -> reqwest::Result<String> {
    client.get(url).send().await?.error_for_status()?.text().await
}
