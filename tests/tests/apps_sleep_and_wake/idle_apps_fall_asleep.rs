//! An app that nobody uses falls asleep, and one that somebody may be using does not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::apps::v1::Deployment;
use kube::Api;
use kube::api::{Patch, PatchParams};
use reqwest::{Method, StatusCode};
use roost_domain::app::{CauseKind, Phase};
use roost_tests::fault_proxy::{Call, Fate};
use roost_tests::sleeping_app::{PROJECT, SleepingApp};
use roost_tests::swept_app::{BETWEEN_SWEEPS, IDLE_SECONDS, LIMIT, SweptApp};
use roost_tests::world::World;
use serde_json::json;
use tokio::time::sleep;

/// A connection that stays, and on which nothing is said.
async fn open_web_socket(app: &SleepingApp) -> Result<reqwest::Upgraded> {
    let request = app.visitor.request(Method::GET, "/live").version(http::Version::HTTP_11);
    let request = request.header("connection", "Upgrade").header("upgrade", "websocket");
    let request = request.header("sec-websocket-version", "13").header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    Ok(request.timeout(LIMIT).send().await?.upgrade().await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_nobody_uses_falls_asleep_and_wakes_to_what_it_was() -> Result<()> {
    let swept = SweptApp::new("dozer").await?;
    let began = Instant::now();
    let asleep = swept.sweeps_until("sleep", |standing| standing.settled).await?;
    println!("asleep {} s after it was ready", began.elapsed().as_secs());
    ensure!(asleep.phase == Phase::Asleep && asleep.cause.kind == CauseKind::Idle, "{asleep:?}");
    ensure!(asleep.saved.len() == 1 && asleep.saved[0].replicas == 1, "{asleep:?}");
    ensure!(swept.app.replicas().await? == 0);
    let post = swept.app.visitor.request(Method::POST, "/orders").timeout(Duration::from_secs(55)).body("one");
    ensure!(post.send().await?.status() == StatusCode::OK);
    let awake = swept.app.comes_to(Phase::Awake).await?;
    ensure!(awake.epoch == asleep.epoch + 2 && swept.app.replicas().await? == 1, "{awake:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_web_socket_keeps_its_app_awake_and_its_end_lets_it_sleep() -> Result<()> {
    let swept = SweptApp::new("streamer").await?;
    let socket = open_web_socket(&swept.app).await?;
    swept.stays_awake("OpenRequest").await?;
    drop(socket);
    swept.sweeps_until("sleep", |standing| standing.settled).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_its_owner_keeps_awake_stays_awake() -> Result<()> {
    let swept = SweptApp::new("owl").await?;
    let deployments: Api<Deployment> = Api::namespaced(swept.app.cluster.clone(), &swept.app.namespace);
    let patch = Patch::Merge(json!({"metadata": {"annotations": {"roost.dev/keep-awake": "true"}}}));
    deployments.patch(PROJECT, &PatchParams::default(), &patch).await?;
    swept.stays_awake("KeptAwake").await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_sleeps_while_prometheus_does_not_answer() -> Result<()> {
    let mut world = World::new().await?;
    let proxy = world.watch_cluster(Arc::new(|call: Call| {
        let is_query = call.target.contains("/services/http:prometheus:9090/");
        let fate = if is_query { Fate::Refused(503, "no endpoints".to_owned()) } else { Fate::Forwarded };
        Box::pin(std::future::ready(fate))
    }));
    let proxy = proxy.await?;
    let swept = SweptApp::with(world, "unseen").await?;
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(IDLE_SECONDS.into()) * 4 {
        swept.sweep().await?;
        sleep(BETWEEN_SWEEPS).await;
    }
    // Sweeps of all tests see all apps of the cluster: only this one's own calls about its own app say anything. It may
    // well go on with what others have begun about theirs.
    let calls = proxy.calls();
    let own = format!("/namespaces/{}/", swept.app.namespace);
    ensure!(calls.iter().any(|call| call.target.contains("/services/http:prometheus:9090/")), "nobody asked");
    let puts_to_sleep = |call: &Call| {
        let stops = call.method == "PATCH" && call.target.contains("/deployments/");
        call.target.contains(&own) && (stops || call.method == "DELETE" && call.target.contains("/httproutes/"))
    };
    ensure!(!calls.iter().any(puts_to_sleep), "{calls:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_the_quiet_period_ends_the_drain_and_is_answered() -> Result<()> {
    let swept = SweptApp::new("early-bird").await?;
    let draining = swept.sweeps_until("drain", |standing| standing.phase == Phase::Draining).await?;
    sleep(Duration::from_secs(1)).await;
    let (status, text) = swept.app.visitor.get("/").await?;
    ensure!(status == StatusCode::OK && text.contains("awake"), "{status}: {text}");
    let awake = swept.app.comes_to(Phase::Awake).await?;
    ensure!(awake.epoch == draining.epoch + 1 && awake.cause.kind == CauseKind::Request, "{awake:?}");
    ensure!(swept.app.replicas().await? == 1);
    swept.app.is_routed().await.context("the route is back")
}
