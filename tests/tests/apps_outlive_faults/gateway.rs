//! The gateway is started anew, with counters from 0; or another one is there that nobody reads.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{DeleteParams, ListParams, PostParams};
use kube::{Api, ResourceExt};
use reqwest::Method;
use roost_domain::app::Phase;
use roost_tests::manifests::{container, merged, pod, pod_spec};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::sleeping_app::SleepingApp;
use roost_tests::swept_app::{IDLE_SECONDS, SweptApp};
use roost_tests::until;
use serde_json::json;

use crate::TURN;

const SYSTEM: &str = "roost-system";
const GATEWAY: &str = "app.kubernetes.io/component=gateway";
const UNREAD: &str = "gateway-that-nobody-reads";

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_started_anew_has_to_be_idle_anew() -> Result<()> {
    let _turn = TURN.lock().await;
    let swept = SweptApp::new("restarted").await?;
    swept.sweep().await?;
    restart(&swept.app).await?;
    let began = Instant::now();
    let draining = swept.sweeps_until("drain", |standing| standing.phase == Phase::Draining).await?;
    ensure!(began.elapsed() >= Duration::from_secs(IDLE_SECONDS.into()), "{draining:?}");
    swept.sweeps_until("sleep", |standing| standing.settled).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_after_the_gateway_was_started_anew_wakes_the_app() -> Result<()> {
    let _turn = TURN.lock().await;
    let app = SleepingApp::new(&RunningPlatform::connect().await?, "reconnected").await?;
    restart(&app).await?;
    let answer = app.visitor.request(Method::POST, "/").timeout(until::PATIENCE).body("one").send().await?;
    ensure!(answer.status().is_success(), "{answer:?}");
    app.comes_to(Phase::Awake).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_sleeps_while_one_of_two_gateways_is_not_read() -> Result<()> {
    let _turn = TURN.lock().await;
    let swept = SweptApp::new("half-seen").await?;
    let pods: Api<Pod> = Api::namespaced(swept.app.cluster.clone(), SYSTEM);
    let sleeper = container(&json!({"image": "docker.io/library/busybox:1.35", "command": ["sleep", "600"]}));
    let labels = json!({"app.kubernetes.io/name": "roost", "app.kubernetes.io/component": "gateway"});
    let unread = pod(UNREAD, &pod_spec(&json!({"containers": [sleeper], "terminationGracePeriodSeconds": 0})));
    let unread = merged(&unread, &json!({"metadata": {"labels": labels}}));
    pods.create(&PostParams::default(), &serde_json::from_value(unread)?).await?;
    let seen = async {
        until::some("the other gateway to run", || async { Ok(is_running(&pods.get(UNREAD).await?).then_some(())) })
            .await?;
        swept.stays_awake("GatewayUnmeasured").await
    };
    let seen = seen.await;
    pods.delete(UNREAD, &DeleteParams::default()).await?;
    seen
}

/// Ends the gateway's pod, and waits until another one answers.
async fn restart(app: &SleepingApp) -> Result<()> {
    let pods: Api<Pod> = Api::namespaced(app.cluster.clone(), SYSTEM);
    let before = pods.list(&ListParams::default().labels(GATEWAY)).await?.items.pop().context("there is no gateway")?;
    pods.delete(&before.name_any(), &DeleteParams::default()).await?;
    until::some("another gateway", || async {
        let gateways = pods.list(&ListParams::default().labels(GATEWAY)).await?;
        let is_other = |pod: &Pod| pod.name_any() != before.name_any() && is_running(pod);
        Ok(gateways.items.iter().all(is_other).then_some(()))
    })
    .await?;
    until::some("an answer through it", || async { Ok(app.visitor.get("/.roost/wake").await.ok()) }).await?;
    Ok(())
}

fn is_running(pod: &Pod) -> bool {
    pod.status.as_ref().and_then(|status| status.phase.as_deref()) == Some("Running")
}
