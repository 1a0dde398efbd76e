//! An app that cannot run says so to its visitors, and more of it to its owner.

use std::time::Duration;

use anyhow::{Result, ensure};
use k8s_openapi::api::apps::v1::Deployment;
use kube::Api;
use kube::api::PostParams;
use reqwest::{Method, StatusCode};
use roost_domain::app::Phase;
use roost_tests::manifests::{container, deployment, pod_spec};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::sleeping_app::{Pod, SleepingApp};
use roost_tests::until;
use serde_json::json;

/// What is no name of an image is known at once not to be had.
const NO_IMAGE: &str = "docker.io/library/Not An Image";
/// This one could be, and is not there.
const GONE_IMAGE: &str = "docker.io/library/python:gone";
/// A little longer than the waker holds a request.
const HOLD_LIMIT: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn an_app_without_its_image_fails_and_is_stopped() -> Result<()> {
    let app = SleepingApp::with_pod(&RunningPlatform::connect().await?, "imageless", &Pod::of_image(NO_IMAGE)).await?;
    fails(&app, "image-pull", "One of its images cannot be fetched.").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_whose_image_is_gone_from_the_registry_says_so() -> Result<()> {
    let app = SleepingApp::with_pod(&RunningPlatform::connect().await?, "pruned", &Pod::of_image(GONE_IMAGE)).await?;
    fails(&app, "image-pull", "One of its images cannot be fetched.").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_its_owner_s_quota_has_no_room_for_says_so() -> Result<()> {
    let app = SleepingApp::new(&RunningPlatform::connect().await?, "crowded").await?;
    let resources = json!({"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"cpu": "450m", "memory": "16Mi"}});
    let sleeper =
        json!({"image": "docker.io/library/busybox:1.35", "command": ["sleep", "600"], "resources": resources});
    let other = deployment("other", &pod_spec(&json!({"containers": [container(&sleeper)]})));
    let deployments: Api<Deployment> = Api::namespaced(app.cluster.clone(), &app.namespace);
    deployments.create(&PostParams::default(), &serde_json::from_value(other)?).await?;
    until::some("the other one to run", || async {
        let status = deployments.get("other").await?.status;
        Ok(status.is_some_and(|status| status.ready_replicas == Some(1)).then_some(()))
    })
    .await?;
    fails(&app, "quota-exceeded", "It needs more than its owner's plan has.").await
}

/// Somebody asks for the app and is told why it does not wake; then nothing of it runs.
async fn fails(app: &SleepingApp, reason: &str, words: &str) -> Result<()> {
    let answer = app.visitor.request(Method::GET, "/").timeout(HOLD_LIMIT).send().await?;
    ensure!(answer.status() == StatusCode::SERVICE_UNAVAILABLE, "{}", answer.status());
    ensure!(answer.headers().contains_key("retry-after"));
    let text = answer.text().await?;
    ensure!(text.contains(words), "{text}");
    let standing = app.comes_to(Phase::Failed).await?;
    ensure!(standing.wake.as_ref().and_then(|wake| wake.reason.as_deref()) == Some(reason), "{standing:?}");
    until::some("nothing of it to run", || async { Ok((app.replicas().await? == 0).then_some(())) }).await
}
