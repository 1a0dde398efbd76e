//! Whoever opens an app that sleeps sees that it wakes, and then the app.

use anyhow::{Result, ensure};
use reqwest::{Method, StatusCode};
use roost_domain::app::Phase;
use roost_tests::running_platform::{RunningPlatform, variable};
use roost_tests::sleeping_app::{SleepingApp, timed};
use roost_tests::visitor::Visitor;

const HTML: &str = "text/html,application/xhtml+xml";

#[tokio::test(flavor = "multi_thread")]
async fn the_page_comes_at_once_and_the_app_follows() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let (app, other) = (SleepingApp::new(&platform, "reader").await?, SleepingApp::new(&platform, "asleep").await?);
    let request = app.visitor.request(Method::GET, "/shop?x=1").header("accept", HTML);
    let (answer, took) = timed(async { Ok(request.send().await?) }).await?;
    ensure!(answer.status() == StatusCode::SERVICE_UNAVAILABLE, "{}", answer.status());
    ensure!(answer.headers().contains_key("retry-after") && answer.headers()["cache-control"] == "no-store");
    let page = answer.text().await?;
    ensure!(page.contains("waking up, please wait…"), "{page}");
    println!("the page came after {} ms", took.as_millis());
    app.visitor.sees("/shop?x=1", "\"app\": \"awake\"").await?;
    let standing = app.comes_to(Phase::Awake).await?;
    ensure!(standing.cause.client.as_deref() == Some("browser"), "{standing:?}");
    ensure!(other.app().await?.standing().phase == Phase::Asleep, "its neighbour sleeps on");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_nobody_has_says_so() -> Result<()> {
    RunningPlatform::connect().await?;
    let visitor = Visitor::of_host(&format!("nobody-has-this.{}", variable("ROOST_BASE_DOMAIN")?))?;
    let answer = visitor.request(Method::GET, "/").header("accept", HTML).send().await?;
    ensure!(answer.status() == StatusCode::NOT_FOUND, "{}", answer.status());
    ensure!(answer.text().await?.contains("No app has this address."));
    Ok(())
}
