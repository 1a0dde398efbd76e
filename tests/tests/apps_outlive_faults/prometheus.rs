//! Prometheus is away, or has forgotten what it knew.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::{DeleteParams, ListParams};
use roost_domain::app::Phase;
use roost_tests::node_process::NodeProcess;
use roost_tests::swept_app::{BETWEEN_SWEEPS, SweptApp};
use roost_tests::until;
use tokio::time::sleep;

use crate::TURN;

const SYSTEM: &str = "roost-system";
const PROMETHEUS: &str = "app.kubernetes.io/component=monitoring";
/// In this time an app that is idle would be asleep.
const A_WHILE: Duration = Duration::from_secs(30);
/// Several readings are lost.
const GAP: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn an_app_in_use_stays_awake_while_prometheus_is_started_anew() -> Result<()> {
    let _turn = TURN.lock().await;
    let swept = SweptApp::new("used").await?;
    let pods: Api<Pod> = Api::namespaced(swept.app.cluster.clone(), SYSTEM);
    pods.delete_collection(&DeleteParams::default(), &ListParams::default().labels(PROMETHEUS)).await?;
    is_used_and_stays_awake(&swept, A_WHILE).await?;
    until::some("Prometheus to be back", || async {
        let running = pods.list(&ListParams::default().labels(PROMETHEUS)).await?;
        Ok(running.items.iter().any(is_ready).then_some(()))
    })
    .await?;
    is_used_and_stays_awake(&swept, A_WHILE).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_in_what_was_measured_puts_nothing_to_sleep() -> Result<()> {
    let _turn = TURN.lock().await;
    let swept = SweptApp::new("gap").await?;
    let stopped = NodeProcess::find("prometheus")?.stop()?;
    is_used_and_stays_awake(&swept, GAP).await?;
    drop(stopped);
    is_used_and_stays_awake(&swept, A_WHILE).await?;
    swept.sweeps_until("sleep", |standing| standing.settled).await?;
    Ok(())
}

async fn is_used_and_stays_awake(swept: &SweptApp, time: Duration) -> Result<()> {
    let began = Instant::now();
    while began.elapsed() < time {
        let (status, _) = swept.app.visitor.get("/").await?;
        ensure!(status.is_success(), "{status}");
        swept.sweep().await?;
        let standing = swept.app.app().await?.standing();
        ensure!(standing.phase == Phase::Awake, "{standing:?}");
        sleep(BETWEEN_SWEEPS).await;
    }
    Ok(())
}

fn is_ready(pod: &Pod) -> bool {
    let conditions = pod.status.as_ref().and_then(|status| status.conditions.as_deref()).unwrap_or_default();
    conditions.iter().any(|condition| condition.type_ == "Ready" && condition.status == "True")
}
