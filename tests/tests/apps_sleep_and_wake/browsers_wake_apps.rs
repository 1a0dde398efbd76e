//! What somebody with a browser sees of an app that sleeps, and what pages can do with it.

use anyhow::{Result, ensure};
use data_encoding::HEXLOWER;
use roost_domain::app::Phase;
use roost_tests::browser::{Browser, Setup};
use roost_tests::running_platform::{RunningPlatform, variable};
use roost_tests::signup::sign_up;
use roost_tests::sleeping_app::{Pod, SleepingApp};
use roost_tests::swept_app::SweptApp;
use roost_tests::user::User;
use roost_tests::visitor::Visitor;
use sha2::{Digest, Sha256};

const WAITING: &str = "waking up, please wait…";
const OPEN: &str = "The shop is open";
/// A path of the waker's own: who is there has the app's origin, and has woken nothing.
const STATUS_PATH: &str = "/.roost/wake";
const MEGABYTE: usize = 1_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn whoever_opens_an_app_sees_it_wake_and_comes_to_what_was_asked_for() -> Result<()> {
    let app = SleepingApp::new(&RunningPlatform::connect().await?, "browsed").await?;
    let browser = Browser::start(Setup::default()).await?;
    let address = app.visitor.url("/page?size=4#basket");
    browser.open(&address).await?;
    let text = browser.text().await?;
    ensure!(text.contains(WAITING) && text.contains(&app.host), "{text}");
    browser.keep_picture("waking-up").await?;
    browser.sees(OPEN).await?;
    ensure!(browser.address().await? == address, "it is at {}", browser.address().await?);
    browser.keep_picture("woken").await?;
    ensure!(app.comes_to(Phase::Awake).await?.cause.client.as_deref() == Some("browser"));
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_and_in_the_dark_the_page_leads_to_the_app_as_well() -> Result<()> {
    let app = SleepingApp::new(&RunningPlatform::connect().await?, "plain").await?;
    let browser = Browser::start(Setup { is_dark: true, is_without_scripts: true }).await?;
    browser.open(&app.visitor.url("/page")).await?;
    browser.sees(WAITING).await?;
    browser.keep_picture("waking-up-dark").await?;
    browser.sees(OPEN).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_megabytes_that_a_page_posts_reach_the_app_they_woke() -> Result<()> {
    let app = SleepingApp::new(&RunningPlatform::connect().await?, "uploader").await?;
    let browser = Browser::start(Setup::default()).await?;
    browser.open(&app.visitor.url(STATUS_PATH)).await?;
    let upload = "const body = new Uint8Array(10_000_000).map((_, index) => index % 251);\
        return (await fetch('/orders', { method: 'POST', body })).json();";
    let said = browser.run(upload).await?;
    let sent: Vec<u8> = (0..10 * MEGABYTE).map(|index| u8::try_from(index % 251)).collect::<Result<_, _>>()?;
    ensure!(said["bytes"] == 10 * MEGABYTE, "{said}");
    ensure!(said["sha256"] == HEXLOWER.encode(&Sha256::digest(&sent)), "{said}");
    ensure!(app.comes_to(Phase::Awake).await?.cause.client.as_deref() == Some("program"));
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_socket_of_a_page_opens_to_the_app_it_woke() -> Result<()> {
    let app = SleepingApp::new(&RunningPlatform::connect().await?, "caller").await?;
    let browser = Browser::start(Setup::default()).await?;
    browser.open(&app.visitor.url(STATUS_PATH)).await?;
    let call = "return new Promise((resolve, reject) => {\
        const socket = new WebSocket(`wss://${location.host}/live`);\
        socket.onopen = () => resolve(socket.readyState === WebSocket.OPEN);\
        socket.onerror = () => reject('it does not open');\
    });";
    ensure!(browser.run(call).await? == true);
    app.comes_to(Phase::Awake).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn looks_ahead_and_head_requests_of_a_page_wake_nothing() -> Result<()> {
    let app = SleepingApp::new(&RunningPlatform::connect().await?, "glimpsed").await?;
    let browser = Browser::start(Setup::default()).await?;
    browser.open(&app.visitor.url(STATUS_PATH)).await?;
    let look_ahead = "const link = document.createElement('link');\
        Object.assign(link, { rel: 'prefetch', href: '/page' });\
        const ended = new Promise(resolve => { link.onload = link.onerror = resolve; });\
        document.documentElement.append(link);\
        await ended;\
        const head = await fetch('/page', { method: 'HEAD' });\
        return [performance.getEntriesByType('resource').some(entry => entry.name.endsWith('/page')), head.status];";
    let seen = browser.run(look_ahead).await?;
    ensure!(seen[0] == true && seen[1] == 503, "{seen}");
    ensure!(app.app().await?.standing().phase == Phase::Asleep);
    ensure!(app.replicas().await? == 0);
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_apps_of_one_owner_wake_each_by_its_own_address() -> Result<()> {
    let (platform, user) = (RunningPlatform::connect().await?, User::new("two-apps"));
    sign_up(&platform, &user, "free").await?;
    let shop = SleepingApp::of(&platform, &user, "shop", &Pod::repeating()).await?;
    let blog = SleepingApp::of(&platform, &user, "blog", &Pod::repeating()).await?;
    let browser = Browser::start(Setup::default()).await?;
    browser.open(&shop.visitor.url("/page")).await?;
    browser.sees(OPEN).await?;
    ensure!(blog.app().await?.standing().phase == Phase::Asleep && blog.replicas().await? == 0);
    browser.open(&blog.visitor.url("/page")).await?;
    browser.sees(OPEN).await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_nobody_has_is_said_to_be_none() -> Result<()> {
    let host = format!("nobody-is-here.{}", variable("ROOST_BASE_DOMAIN")?);
    let browser = Browser::start(Setup::default()).await?;
    browser.open(&Visitor::of_host(&host)?.url("/")).await?;
    browser.sees("No app has this address.").await?;
    browser.keep_picture("unknown-host").await?;
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_listens_to_events_keeps_its_app_awake() -> Result<()> {
    let swept = SweptApp::new("listener").await?;
    let browser = Browser::start(Setup::default()).await?;
    browser.open(&swept.app.visitor.url("/page")).await?;
    browser.sees(OPEN).await?;
    let listen = "window.events = new EventSource('/events');\
        return new Promise(resolve => { window.events.onmessage = event => resolve(event.data); });";
    ensure!(browser.run(listen).await? == "hello");
    swept.stays_awake("OpenRequest").await?;
    ensure!(browser.run("return window.events.readyState === EventSource.OPEN").await? == true);
    browser.close().await
}
