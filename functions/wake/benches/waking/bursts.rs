//! Many requests at once: what holding them takes, and how fast they are let go.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::future::join_all;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::figures::{Figures, percentile};
use crate::program::Program;
use crate::support::api_server::ApiServer;
use crate::support::apps::TestApp;
use crate::support::client::{Answer, Http2, ask, request};
use crate::support::kubelet::{self, Start};
use crate::support::pod::Pod;

const MOST_KIBIBYTES: f64 = 16.0;
/// As many share a connection as the waker lets.
const STREAMS: usize = 250;
/// All requests are there by then.
const SETTLED: Duration = Duration::from_secs(5);
const PODS_READY: Duration = Duration::from_secs(8);

/// How requests come.
#[derive(Clone, Copy)]
pub(crate) enum By {
    /// As web sockets do: each has a connection.
    Http1,
    /// As the gateway sends all others: many share a connection.
    Http2,
}

/// So many requests wait for one app.
pub(crate) async fn on_one_app(figures: &mut Figures, by: By, requests: usize) -> Result<()> {
    let by_what = match by {
        By::Http1 => "HTTP/1",
        By::Http2 => "HTTP/2",
    };
    let what = format!("{requests} held on one app, {by_what}");
    burst(figures, &what, by, &[TestApp::new("alice", "shop")], requests).await
}

/// So many requests wait for each of so many apps, of as many tenants.
pub(crate) async fn on_many_apps(figures: &mut Figures, apps: usize, requests: usize) -> Result<()> {
    let what = format!("{requests} held on each of {apps} apps");
    let apps: Vec<_> = (0..apps).map(|number| TestApp::new(&format!("tenant{number}"), "shop")).collect();
    burst(figures, &what, By::Http2, &apps, requests).await
}

async fn burst(figures: &mut Figures, what: &str, by: By, apps: &[TestApp], requests: usize) -> Result<()> {
    let (cluster, pod) = (ApiServer::start().await, Pod::start(Duration::ZERO).await);
    for app in apps {
        app.asleep(&cluster.store);
    }
    kubelet::run(&cluster.store, Start::Ready(pod.address, PODS_READY));
    let program = Program::start(&cluster).await?;
    let before = program.resident()?;
    let began = Instant::now();
    let hosts: Vec<_> = apps.iter().flat_map(|app| std::iter::repeat_n(app.host(), requests)).collect();
    let asking = ask_all(program.address, by, &hosts).await?;
    sleep(SETTLED.saturating_sub(began.elapsed())).await;
    let held = program.resident()? - before;
    let answers = join_all(asking).await.into_iter().collect::<Result<Vec<_>, _>>()?;
    let errors = answers.iter().filter(|(answer, _)| !answer.as_ref().is_ok_and(Answer::is_of_app)).count();
    show(figures, what, errors, &answers.iter().map(|(_, at)| *at).collect::<Vec<_>>())?;
    let count = u32::try_from(answers.len())?;
    let (memory, each) = (format!("{what}: memory for each"), held / f64::from(count));
    match by {
        // Few requests do not show what each of them takes, and many apps take memory of their own.
        _ if count < 1_000 || apps.len() > 1 => {}
        By::Http1 => figures.show(&memory, each, "KiB"),
        By::Http2 => figures.below(&memory, each, MOST_KIBIBYTES, "KiB"),
    }
    Ok(())
}

type Asking = JoinHandle<(Result<Answer>, Instant)>;

/// Sends a request to each of the hosts.
async fn ask_all(address: SocketAddr, by: By, hosts: &[String]) -> Result<Vec<Asking>> {
    let mut all = Vec::with_capacity(hosts.len());
    for shared in hosts.chunks(STREAMS) {
        let connection = match by {
            By::Http1 => None,
            By::Http2 => Some(Http2::connect(address).await?),
        };
        all.extend(shared.iter().map(|host| tokio::spawn(ask_one(address, connection.clone(), host.clone()))));
    }
    Ok(all)
}

async fn ask_one(address: SocketAddr, connection: Option<Http2>, host: String) -> (Result<Answer>, Instant) {
    let headers = [("user-agent", "bench"), ("cookie", "session=0123456789")];
    let answer = match connection {
        None => ask(address, request("GET", &host, "/", &headers)).await,
        Some(connection) => connection.ask(request("GET", &host, &format!("http://{host}/"), &headers)).await,
    };
    (answer, Instant::now())
}

fn show(figures: &mut Figures, what: &str, errors: usize, answered: &[Instant]) -> Result<()> {
    figures.below(&format!("{what}: errors"), f64::from(u32::try_from(errors)?), 1.0, "");
    let first = answered.iter().min().context("no answers")?;
    let mut after: Vec<_> = answered.iter().map(|at| at.duration_since(*first).as_secs_f64() * 1e3).collect();
    figures.show(&format!("{what}: from the first answer to the 99th percentile"), percentile(&mut after, 99), "ms");
    figures.show(&format!("{what}: from the first answer to the last"), percentile(&mut after, 100), "ms");
    Ok(())
}
