//! An app that nobody uses falls asleep, and one that somebody may be using does not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use k8s_openapi::api::apps::v1::Deployment;
use kube::Api;
use kube::api::{Patch, PatchParams};
use reqwest::{Method, StatusCode};
use roost_domain::app::{AppStatus, CauseKind, Phase};
use roost_tests::fault_proxy::{Call, Fate};
use roost_tests::function::{Ending, Function};
use roost_tests::world::{CLUSTER, World};
use serde_json::json;
use tokio::time::sleep;

use crate::sleeping_app::{PROJECT, SleepingApp};

const IDLE_SECONDS: u32 = 10;
/// Prometheus reads every 15 s, and what counts has to be read several times.
const LIMIT: Duration = Duration::from_mins(4);
const BETWEEN_SWEEPS: Duration = Duration::from_secs(3);
/// In this time an app that is idle would be asleep.
const LONG_ENOUGH: Duration = Duration::from_secs(90);

/// An app that is awake, and sweeps that would put it to sleep.
struct Scene {
    /// Its queues and files are there as long as it is.
    _world: World,
    app: SleepingApp,
    sweep: Function,
}

impl Scene {
    async fn new(name: &str) -> Result<Self> {
        Self::with(World::new().await?, name).await
    }

    async fn with(world: World, name: &str) -> Result<Self> {
        let world = world.with_setting("ROOST_QUIET_SECONDS", "5").with_setting("ROOST_MIN_AWAKE_SECONDS", "5");
        let world = world.with_setting("ROOST_WAKERS", "1");
        let app = SleepingApp::new(&world.platform, name).await?;
        app.visitor.sees("/", "awake").await?;
        app.comes_to(Phase::Awake).await?;
        app.is_routed().await?;
        app.falls_asleep_after(IDLE_SECONDS).await?;
        let sweep = world.start("sweep-idle").await?;
        Ok(Self { _world: world, app, sweep })
    }

    async fn sweep(&self) -> Result<()> {
        let body = json!({"task": "sweep-idle", "cluster": CLUSTER}).to_string();
        match self.sweep.handle(&[body]).await? {
            Ending::Answered(answer) if answer["batchItemFailures"] == json!([]) => Ok(()),
            ending => bail!("not handled: {ending:?}; {:?}", self.sweep.logged().await?.last()),
        }
    }

    /// Sweeps until the app is in a state that is looked for.
    async fn sweeps_until(&self, what: &str, is_so: impl Fn(&AppStatus) -> bool) -> Result<AppStatus> {
        let began = Instant::now();
        loop {
            self.sweep().await?;
            let standing = self.app.app().await?.standing();
            if is_so(&standing) {
                return Ok(standing);
            }
            if began.elapsed() > LIMIT {
                bail!("no {what}: {standing:?}; {:?}", self.sweep.logged().await?.last());
            }
            sleep(BETWEEN_SWEEPS).await;
        }
    }

    /// Sweeps for a while, in which the app must not begin to fall asleep.
    async fn stays_awake(&self, reason: &str) -> Result<()> {
        let began = Instant::now();
        let mut told = false;
        while began.elapsed() < LONG_ENOUGH {
            self.sweep().await?;
            let standing = self.app.app().await?.standing();
            ensure!(standing.phase == Phase::Awake, "{standing:?}");
            told |= standing.refusal.is_some_and(|refusal| refusal.reason == reason);
            sleep(BETWEEN_SWEEPS).await;
        }
        ensure!(told, "its owner was not told of {reason}: {:?}", self.app.app().await?.status);
        Ok(())
    }
}

/// A connection that stays, and on which nothing is said.
async fn open_web_socket(app: &SleepingApp) -> Result<reqwest::Upgraded> {
    let request = app.visitor.request(Method::GET, "/live").version(http::Version::HTTP_11);
    let request = request.header("connection", "Upgrade").header("upgrade", "websocket");
    let request = request.header("sec-websocket-version", "13").header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    Ok(request.timeout(LIMIT).send().await?.upgrade().await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_nobody_uses_falls_asleep_and_wakes_to_what_it_was() -> Result<()> {
    let scene = Scene::new("dozer").await?;
    let began = Instant::now();
    let asleep = scene.sweeps_until("sleep", |standing| standing.settled).await?;
    println!("asleep {} s after it was ready", began.elapsed().as_secs());
    ensure!(asleep.phase == Phase::Asleep && asleep.cause.kind == CauseKind::Idle, "{asleep:?}");
    ensure!(asleep.saved.len() == 1 && asleep.saved[0].replicas == 1, "{asleep:?}");
    ensure!(scene.app.replicas().await? == 0);
    let post = scene.app.visitor.request(Method::POST, "/orders").timeout(Duration::from_secs(55)).body("one");
    ensure!(post.send().await?.status() == StatusCode::OK);
    let awake = scene.app.comes_to(Phase::Awake).await?;
    ensure!(awake.epoch == asleep.epoch + 2 && scene.app.replicas().await? == 1, "{awake:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_web_socket_keeps_its_app_awake_and_its_end_lets_it_sleep() -> Result<()> {
    let scene = Scene::new("streamer").await?;
    let socket = open_web_socket(&scene.app).await?;
    scene.stays_awake("OpenRequest").await?;
    drop(socket);
    scene.sweeps_until("sleep", |standing| standing.settled).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_its_owner_keeps_awake_stays_awake() -> Result<()> {
    let scene = Scene::new("owl").await?;
    let deployments: Api<Deployment> = Api::namespaced(scene.app.cluster.clone(), &scene.app.namespace);
    let patch = Patch::Merge(json!({"metadata": {"annotations": {"roost.dev/keep-awake": "true"}}}));
    deployments.patch(PROJECT, &PatchParams::default(), &patch).await?;
    scene.stays_awake("KeptAwake").await
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
    let scene = Scene::with(world, "unseen").await?;
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(IDLE_SECONDS.into()) * 4 {
        scene.sweep().await?;
        sleep(BETWEEN_SWEEPS).await;
    }
    // Sweeps of other tests see all apps of the cluster, so only this one's own calls say anything.
    let calls = proxy.calls();
    ensure!(calls.iter().any(|call| call.target.contains("/services/http:prometheus:9090/")), "nobody asked");
    let puts_to_sleep = |call: &Call| {
        let stops = call.method == "PATCH" && call.target.contains("/deployments/");
        stops || call.method == "DELETE" && call.target.contains("/httproutes/")
    };
    ensure!(!calls.iter().any(puts_to_sleep), "{calls:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_the_quiet_period_ends_the_drain_and_is_answered() -> Result<()> {
    let scene = Scene::new("early-bird").await?;
    let draining = scene.sweeps_until("drain", |standing| standing.phase == Phase::Draining).await?;
    sleep(Duration::from_secs(1)).await;
    let (status, text) = scene.app.visitor.get("/").await?;
    ensure!(status == StatusCode::OK && text.contains("awake"), "{status}: {text}");
    let awake = scene.app.comes_to(Phase::Awake).await?;
    ensure!(awake.epoch == draining.epoch + 1 && awake.cause.kind == CauseKind::Request, "{awake:?}");
    ensure!(scene.app.replicas().await? == 1);
    scene.app.is_routed().await.context("the route is back")
}
