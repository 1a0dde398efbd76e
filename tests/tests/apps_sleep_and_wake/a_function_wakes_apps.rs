//! Where no waker is within reach, a function shows the waiting page and wakes apps.

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use reqwest::{Client, RequestBuilder, StatusCode};
use roost_domain::address::Address;
use roost_domain::app::Phase;
use roost_domain::release::Project;
use roost_tests::running_platform::{RunningPlatform, variable};
use roost_tests::sleeping_app::{Pod, SleepingApp};
use roost_tests::until;
use serde_json::Value;

const HTML: &str = "text/html,application/xhtml+xml";
const ROBOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

/// Somebody whose requests for an app come to the function.
struct Detour {
    client: Client,
    host: String,
}

impl Detour {
    fn request(&self, path: &str) -> Result<RequestBuilder> {
        let url = format!("{}{path}", variable("ROOST_WAKE_PAGE_URL")?);
        Ok(self.client.get(url).header("x-forwarded-host", &self.host))
    }
}

/// An app that sleeps, with its address on record, as roll-out leaves it.
async fn sleeping_app(platform: &RunningPlatform, tenant: &str) -> Result<SleepingApp> {
    on_record(platform, SleepingApp::new(platform, tenant).await?).await
}

async fn on_record(platform: &RunningPlatform, app: SleepingApp) -> Result<SleepingApp> {
    let (spec, now) = (app.app().await?.spec, Timestamp::now());
    let address = Address::parse(app.host.split('.').next().context("the host has no words")?)?;
    let project = Project::new(spec.tenant, spec.project, now).at(address.clone(), now);
    ensure!(platform.table.claim_address(&project, &address, now).await?, "somebody has {address}");
    Ok(app)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_the_function_wakes_its_app() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let app = sleeping_app(&platform, "far-away").await?;
    let visitor = Detour { client: Client::builder().no_proxy().build()?, host: app.host.clone() };
    let answer = visitor.request("/shop?x=1")?.header("accept", HTML).send().await?;
    ensure!(answer.status() == StatusCode::SERVICE_UNAVAILABLE, "{}", answer.status());
    ensure!(answer.headers().contains_key("retry-after") && answer.headers()["cache-control"] == "no-store");
    let page = answer.text().await?;
    ensure!(page.contains("waking up, please wait…") && page.contains(&app.host), "{page}");
    until::some("the page to learn that the app is awake", || async {
        let answer = visitor.request("/.roost/wake")?.send().await?;
        ensure!(answer.headers().contains_key("roost-wake"), "{answer:?}");
        Ok((answer.json::<Value>().await?["ready"] == true).then_some(()))
    })
    .await?;
    let standing = app.comes_to(Phase::Awake).await?;
    ensure!(standing.cause.client.as_deref() == Some("browser"), "{standing:?}");
    app.visitor.sees("/shop?x=1", "\"app\": \"awake\"").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_function_holds_nothing_and_tells_programs_when_to_come_back() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let app = sleeping_app(&platform, "machine").await?;
    let program = Detour { client: Client::builder().no_proxy().build()?, host: app.host.clone() };
    let robot = program.request("/")?.header("user-agent", ROBOT).send().await?;
    ensure!(robot.status() == StatusCode::SERVICE_UNAVAILABLE, "{}", robot.status());
    ensure!(app.app().await?.standing().phase == Phase::Asleep, "robots wake nothing");
    let answer = program.request("/orders")?.send().await?;
    ensure!(answer.status() == StatusCode::SERVICE_UNAVAILABLE, "{}", answer.status());
    ensure!(answer.headers().contains_key("retry-after"));
    ensure!(answer.headers()["content-type"] == "application/problem+json");
    app.comes_to(Phase::Awake).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_the_function_says_why_an_app_does_not_wake() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let app =
        SleepingApp::with_pod(&platform, "far-and-broken", &Pod::of_image("docker.io/library/Not An Image")).await?;
    let app = on_record(&platform, app).await?;
    let visitor = Detour { client: Client::builder().no_proxy().build()?, host: app.host.clone() };
    visitor.request("/")?.header("accept", HTML).send().await?;
    let last = until::some("the page to learn that the app has failed", || async {
        let told: Value = visitor.request("/.roost/wake")?.send().await?.json().await?;
        Ok(told.to_string().contains("One of its images cannot be fetched.").then_some(told))
    })
    .await?;
    let standing = app.comes_to(Phase::Failed).await?;
    ensure!(standing.wake.and_then(|wake| wake.reason).as_deref() == Some("image-pull"), "{last}");
    until::some("nothing of it to run", || async { Ok((app.replicas().await? == 0).then_some(())) }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_nobody_has_says_so_through_the_function() -> Result<()> {
    RunningPlatform::connect().await?;
    let host = format!("nobody-has-this.{}", variable("ROOST_BASE_DOMAIN")?);
    let visitor = Detour { client: Client::builder().no_proxy().build()?, host };
    let answer = visitor.request("/")?.header("accept", HTML).send().await?;
    ensure!(answer.status() == StatusCode::NOT_FOUND, "{}", answer.status());
    ensure!(answer.text().await?.contains("No app has this address."));
    Ok(())
}
