//! Exchanges a tenant's pull credential for a token that lets a node pull the tenant's images, for minutes.

mod issue;
mod keys;
mod request;
mod scope;
mod server;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Where the Secret is mounted.
const KEYS: &str = "/etc/roost/keys";
const ADDRESS: &str = "0.0.0.0:8080";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::var("ROOST_KEYS").map_or_else(|_| PathBuf::from(KEYS), PathBuf::from);
    let address: SocketAddr = std::env::var("ROOST_ADDRESS").as_deref().unwrap_or(ADDRESS).parse()?;
    let router = server::router(keys::read(&folder)?);
    let listener = TcpListener::bind(address).await?;
    // The first process of a container has no handler unless it sets one.
    let mut end = signal(SignalKind::terminate())?;
    let ended = async move { end.recv().await.map_or((), drop) };
    Ok(axum::serve(listener, router).with_graceful_shutdown(ended).await?)
}
