//! Clients that send what no well-behaved one would, to get another request past the gateway or to keep others waiting.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use roost_tests::api::{Api, Issuer};
use roost_tests::raw_connection::RawConnection;
use roost_tests::running_platform::{RunningPlatform, variable};
use roost_tests::signup::sign_up;
use roost_tests::user::User;
use tokio::time::timeout;

const SILENCE: Duration = Duration::from_secs(5);
const SLOW_CLIENTS: usize = 300;
const PATIENCE: Duration = Duration::from_secs(30);

/// Headers by which one side might see another length than the other.
const AMBIGUOUS: [&str; 5] = [
    "Transfer-Encoding: xchunked\r\n",
    "Transfer-Encoding : chunked\r\n",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    "Transfer-Encoding:\u{b}chunked\r\n",
    "Content-Length: 4\r\n",
];

fn host() -> Result<String> {
    Ok(format!("api.{}", variable("ROOST_BASE_DOMAIN")?))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_hidden_in_another_is_never_carried_out() -> Result<()> {
    let (platform, user) = (RunningPlatform::connect().await?, User::new("smuggler"));
    sign_up(&platform, &user, "free").await?;
    let issuer = Issuer::of_the_platform()?;
    let token = issuer.sign(&issuer.claims(user.id.as_str()))?;
    let (host, wish) = (host()?, r#"{"id":"smuggled"}"#);
    let hidden = format!(
        "POST /api/users/{}/projects HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{wish}",
        user.id,
        wish.len()
    );
    let body = format!("0\r\n\r\n{hidden}");
    for header in AMBIGUOUS {
        let outer =
            format!("POST /api/health HTTP/1.1\r\nHost: {host}\r\nContent-Length: {}\r\n{header}\r\n", body.len());
        let mut connection = RawConnection::open(&host).await?;
        connection.send(&format!("{outer}{body}")).await?;
        let heard = connection.hear(SILENCE).await;
        ensure!(heard.matches("HTTP/1.1 ").count() <= 1, "{header:?}: {heard}");
    }
    let projects = Api::of_user(&user.id)?.read(&format!("/api/users/{}/projects", user.id)).await?;
    ensure!(projects["items"].as_array().context("no list")?.is_empty(), "{projects}");
    // On its own the same request is carried out: nothing but its hiding place was in its way.
    let mut connection = RawConnection::open(&host).await?;
    connection.send(&hidden).await?;
    let heard = connection.hear(SILENCE).await;
    ensure!(heard.starts_with("HTTP/1.1 201"), "{heard}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_that_never_finish_their_request_keep_nobody_waiting() -> Result<()> {
    let host = host()?;
    let begun = try_join_all((0..SLOW_CLIENTS).map(|_| async {
        let mut connection = RawConnection::open(&host).await?;
        connection.send(&format!("POST /api/users HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n\r\n{{")).await?;
        anyhow::Ok(connection)
    }));
    let begun = begun.await?;
    let mut other = RawConnection::open(&host).await?;
    other.send(&format!("GET /api/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await?;
    let heard = timeout(PATIENCE, other.hear(PATIENCE)).await?;
    ensure!(heard.starts_with("HTTP/1.1 200"), "{heard}");
    drop(begun);
    Ok(())
}
