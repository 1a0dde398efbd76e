//! The application falls asleep because nobody asks for it, and wakes because somebody does.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use roost_aws::queue::Queue;
use roost_domain::app::{AppStatus, Phase};
use roost_domain::tenant::Tenant;
use serde::Deserialize;
use tokio::time::{Instant, sleep};

use super::upload::PROJECT;
use super::visit::Visitor;
use crate::install::{aws, kubectl};
use crate::instance::Instance;
use crate::progress::Progress;

const IDLE_SECONDS: u32 = 15;
/// The least time it stays awake, two looks of the monitoring, and the quiet period before the end.
const LIMIT: Duration = Duration::from_mins(5);
const PERIOD: Duration = Duration::from_secs(1);
/// The schedule comes once a minute; the demo does not wait for it.
const LOOKS_EVERY: Duration = Duration::from_secs(5);
const ORDER: &str = "an order that was sent while the app slept";

#[derive(Deserialize)]
struct App {
    status: Option<AppStatus>,
}

/// Shows it, or fails if anything is not as it should be.
pub(super) async fn show(instance: &Instance, tenant: &Tenant, host: &str) -> anyhow::Result<()> {
    let namespace = tenant.home().context("the tenant has no home")?.slug.namespace();
    println!("\nNobody asks for it any more; it is to sleep after {IDLE_SECONDS} s instead of 5 minutes.");
    let patch = format!(r#"{{"spec":{{"idleAfterSeconds":{IDLE_SECONDS}}}}}"#);
    let patched = ["patch", "apps", PROJECT, "--namespace", &namespace, "--type=merge", "--patch", &patch];
    kubectl::call(instance, &patched).await?;
    falls_asleep(instance, &namespace).await?;
    print!("{}", kubectl::call(instance, &["get", "apps", "--namespace", &namespace]).await?);
    let pods = ["wait", "pods", "--all", "--namespace", &namespace, "--for=delete", "--timeout=60s"];
    kubectl::call(instance, &pods).await.context("there are still pods")?;
    wakes(&Visitor::new(instance, host)?).await
}

async fn falls_asleep(instance: &Instance, namespace: &str) -> anyhow::Result<()> {
    let progress = Progress::start();
    let sweeps = sweeps(instance).await?;
    let (deadline, mut next_look, mut told) = (Instant::now() + LIMIT, Instant::now(), String::new());
    while Instant::now() < deadline {
        if Instant::now() >= next_look {
            sweeps.send_later(r#"{"task":"sweep-idle"}"#.to_owned(), Duration::ZERO).await?;
            next_look = Instant::now() + LOOKS_EVERY;
        }
        let app = ["get", "apps", PROJECT, "--namespace", namespace, "--output=json"];
        let app: App = serde_json::from_str(&kubectl::call(instance, &app).await?)?;
        let status = app.status.context("the app has no status")?;
        let words = words(&status);
        if words != told {
            progress.say(&words);
            told = words;
        }
        if status.phase == Phase::Asleep && status.settled {
            return Ok(());
        }
        sleep(PERIOD).await;
    }
    bail!("the app does not sleep: {told}")
}

fn words(status: &AppStatus) -> String {
    match &status.refusal {
        Some(refusal) => format!("{}: {}", status.phase, refusal.message),
        None => status.phase.to_string(),
    }
}

async fn sweeps(instance: &Instance) -> anyhow::Result<Queue> {
    let client = aws_sdk_sqs::Client::new(&aws::configuration(instance).await);
    let queue = client.get_queue_url().queue_name("roost-sweep-idle").send().await?;
    Ok(Queue::new(client, queue.queue_url.context("the queue has no address")?))
}

/// A browser gets the page, a program's request waits, and both come to the app.
async fn wakes(visitor: &Visitor) -> anyhow::Result<()> {
    let began = Instant::now();
    let page = visitor.navigate().await?;
    ensure!(page.contains("waking up, please wait…"), "the page is another one:\n{page}");
    println!("✓ GET /           a browser: \"waking up, please wait…\" after {} ms", began.elapsed().as_millis());
    let answer = visitor.post("/api/orders", ORDER).await?;
    ensure!(answer.contains(&format!("\"received\": {}", ORDER.len())), "the API answers {answer}");
    println!("✓ POST /api/orders  held, then answered by api after {} ms: {answer}", began.elapsed().as_millis());
    let page = visitor.until_app().await?;
    println!("✓ GET /           the app again, {} ms after it was first asked for", began.elapsed().as_millis());
    ensure!(!page.contains("please wait"), "{page}");
    Ok(())
}
