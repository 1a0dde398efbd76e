//! A program's request waits until its app answers.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use data_encoding::HEXLOWER;
use futures::future::try_join_all;
use reqwest::{Method, StatusCode};
use roost_domain::app::Phase;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::sleeping_app::{SleepingApp, timed};
use roost_tests::until;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

/// As long as the waker holds a request.
const HOLD_LIMIT: Duration = Duration::from_secs(55);

#[tokio::test(flavor = "multi_thread")]
async fn a_posted_body_reaches_the_app_that_it_woke() -> Result<()> {
    let app = SleepingApp::new(&RunningPlatform::connect().await?, "poster").await?;
    let body = vec![7_u8; 2_000_000];
    let request = app.visitor.request(Method::POST, "/orders?id=7").timeout(HOLD_LIMIT).body(body.clone());
    let (answer, took) = timed(async { Ok(request.send().await?) }).await?;
    ensure!(answer.status() == StatusCode::OK, "{}", answer.status());
    let said: Value = serde_json::from_str(&answer.text().await?)?;
    ensure!(said["sha256"] == HEXLOWER.encode(&Sha256::digest(&body)), "{said}");
    ensure!((&said["path"], &said["proto"]) == (&"/orders?id=7".into(), &"https".into()), "{said}");
    println!("the app answered after {} ms", took.as_millis());
    let standing = app.comes_to(Phase::Awake).await?;
    ensure!(standing.cause.client.as_deref() == Some("program"), "{standing:?}");
    println!("waking took {:?} ms", standing.wake_millis);
    app.is_routed().await
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_ask_at_once_wake_the_app_once() -> Result<()> {
    let app = SleepingApp::new(&RunningPlatform::connect().await?, "crowd").await?;
    let ask = |number: usize| {
        let request = app.visitor.request(Method::POST, "/").timeout(HOLD_LIMIT).body(number.to_string());
        async move { Ok::<_, anyhow::Error>((request.send().await?.status(), number)) }
    };
    for (status, number) in try_join_all((0..100).map(ask)).await? {
        ensure!(status == StatusCode::OK, "request {number}: {status}");
    }
    let standing = app.comes_to(Phase::Awake).await?;
    ensure!(standing.wake_millis.len() == 1 && standing.epoch == 4, "{standing:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_socket_opens_to_the_app_that_it_woke() -> Result<()> {
    let app = SleepingApp::new(&RunningPlatform::connect().await?, "socket").await?;
    let request = app.visitor.request(Method::GET, "/live").timeout(HOLD_LIMIT).version(http::Version::HTTP_11);
    let request = request.header("connection", "Upgrade").header("upgrade", "websocket");
    let request = request.header("sec-websocket-version", "13").header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    let answer = request.send().await?;
    ensure!(answer.status() == StatusCode::SWITCHING_PROTOCOLS, "{}", answer.status());
    ensure!(answer.headers()["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "{:?}", answer.headers());
    let mut socket = answer.upgrade().await?;
    socket.write_all(b"hello").await?;
    let mut said = [0; 5];
    timeout(until::PATIENCE, socket.read_exact(&mut said)).await.context("the app says nothing")??;
    ensure!(&said == b"hello");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_guesses_and_unknown_hosts_wake_nothing() -> Result<()> {
    let app = SleepingApp::new(&RunningPlatform::connect().await?, "ignored").await?;
    let get = || app.visitor.request(Method::GET, "/");
    for request in [
        get().header("user-agent", "Googlebot/2.1"),
        get().header("sec-purpose", "prefetch"),
        app.visitor.request(Method::HEAD, "/"),
    ] {
        let answer = request.send().await?;
        ensure!(answer.status() == StatusCode::SERVICE_UNAVAILABLE, "{}", answer.status());
        ensure!(answer.headers().contains_key("retry-after"));
    }
    ensure!(app.app().await?.standing().phase == Phase::Asleep);
    ensure!(app.replicas().await? == 0);
    Ok(())
}
