//! An app that cannot run says so to its visitors, and more of it to its owner.

use std::time::Duration;

use anyhow::{Result, ensure};
use reqwest::{Method, StatusCode};
use roost_domain::app::Phase;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::until;

use crate::sleeping_app::SleepingApp;

/// What is no name of an image is known at once not to be had.
const NO_IMAGE: &str = "docker.io/library/Not An Image";

#[tokio::test(flavor = "multi_thread")]
async fn an_app_without_its_image_fails_and_is_stopped() -> Result<()> {
    let app = SleepingApp::with_image(&RunningPlatform::connect().await?, "imageless", NO_IMAGE).await?;
    let answer = app.visitor.request(Method::GET, "/").timeout(Duration::from_secs(55)).send().await?;
    ensure!(answer.status() == StatusCode::SERVICE_UNAVAILABLE, "{}", answer.status());
    ensure!(answer.headers().contains_key("retry-after"));
    let text = answer.text().await?;
    ensure!(text.contains("One of its images cannot be fetched."), "{text}");
    let standing = app.comes_to(Phase::Failed).await?;
    ensure!(standing.wake.and_then(|wake| wake.reason).as_deref() == Some("image-pull"));
    until::some("nothing of it runs", || async { Ok((app.replicas().await? == 0).then_some(())) }).await
}
