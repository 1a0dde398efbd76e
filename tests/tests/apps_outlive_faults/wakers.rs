//! A waker is taken away while it holds requests.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures::future::join_all;
use k8s_openapi::api::core::v1::Pod;
use kube::api::{DeleteParams, ListParams};
use kube::{Api, ResourceExt};
use reqwest::{Method, StatusCode};
use roost_domain::app::Phase;
use roost_tests::node_process::NodeProcess;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::sleeping_app::{self, SleepingApp};
use tokio::time::sleep;

use crate::TURN;

const SYSTEM: &str = "roost-system";
const WAKERS: &str = "app.kubernetes.io/component=wake";
const REQUESTS: usize = 20;
/// The app takes so long to start, and the waker is taken away in the middle.
const START_SECONDS: u32 = 8;
const MIDDLE: Duration = Duration::from_secs(4);
const HOLD_LIMIT: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_waker_that_is_told_to_end_answers_whoever_waits() -> Result<()> {
    let _turn = TURN.lock().await;
    let app = slow_app("evicted").await?;
    let pods: Api<Pod> = Api::namespaced(app.cluster.clone(), SYSTEM);
    let first = pods.list(&ListParams::default().labels(WAKERS)).await?.items.pop().context("there is no waker")?;
    let (answers, deleted) = tokio::join!(ask(&app), async {
        sleep(MIDDLE).await;
        pods.delete(&first.name_any(), &DeleteParams::default()).await
    });
    deleted?;
    for answer in answers {
        ensure!(answer == Some(StatusCode::OK), "{answer:?}");
    }
    app.comes_to(Phase::Awake).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_waker_s_requests_end_and_the_other_waker_wakes_the_app() -> Result<()> {
    let _turn = TURN.lock().await;
    let app = slow_app("bereaved").await?;
    let (answers, killed) = tokio::join!(ask(&app), async {
        sleep(MIDDLE).await;
        NodeProcess::find("/wake")?.kill()
    });
    killed?;
    let answered = answers.iter().filter(|answer| **answer == Some(StatusCode::OK)).count();
    println!("{answered} of {REQUESTS} were answered by the app");
    for answer in answers {
        let answer = answer.context("nobody answered")?;
        ensure!(answer == StatusCode::OK || answer.is_server_error(), "{answer}");
    }
    app.comes_to(Phase::Awake).await?;
    let (status, _) = app.visitor.get("/").await?;
    ensure!(status == StatusCode::OK, "{status}");
    Ok(())
}

async fn slow_app(tenant: &str) -> Result<SleepingApp> {
    let pod = sleeping_app::Pod::starting_slowly(START_SECONDS);
    SleepingApp::with_pod(&RunningPlatform::connect().await?, tenant, &pod).await
}

async fn ask(app: &SleepingApp) -> Vec<Option<StatusCode>> {
    let ask = |number: usize| async move {
        let request = app.visitor.request(Method::POST, "/").timeout(HOLD_LIMIT).body(number.to_string());
        request.send().await.ok().map(|answer| answer.status())
    };
    join_all((0..REQUESTS).map(ask)).await
}
