//! Starts the waker.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kube::{Client, Config};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::sleep;
use tracing_subscriber::EnvFilter;
use wake::door::{Asked, Reception, health, serve};
use wake::host_table::{HostTable, follow};
use wake::places::Places;
use wake::session::Sessions;
use wake::settings::Settings;

/// For so long new connections still come after the cluster has been told that this process ends.
const FAREWELL: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the waker cannot run");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let settings = Settings::read()?;
    raise_file_limit();
    let client = Client::try_from(Config::infer().await?)?;
    let is_synced = Arc::new(AtomicBool::new(false));
    let sessions = Sessions::new(client.clone(), Arc::new(HostTable::default()), settings.session);
    let listener = TcpListener::bind(settings.health_address).await?;
    let places = Places::new(settings.limits);
    let is_ready = Arc::clone(&is_synced);
    let asked = Asked { sessions: Arc::clone(&sessions), places: Arc::clone(&places), is_ready };
    tokio::spawn(health(listener, asked));
    tokio::spawn(follow(client, Arc::clone(&sessions), Arc::clone(&is_synced)));
    let reception = Arc::new(Reception { sessions, places, settings: settings.door });
    let listener = TcpListener::bind(settings.address).await?;
    // The first process of a container has no handler unless it sets one.
    let mut end = signal(SignalKind::terminate())?;
    let ended = async move {
        end.recv().await;
        is_synced.store(false, Ordering::Release);
        sleep(FAREWELL).await;
    };
    serve(listener, reception, ended, settings.last_answers).await;
    Ok(())
}

/// Each waiting request needs one file, and another one while it is answered.
fn raise_file_limit() {
    let most = getrlimit(Resource::Nofile).maximum;
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most }) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}
