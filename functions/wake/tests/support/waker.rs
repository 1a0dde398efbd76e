//! The waker, in this process, against the API server of this process.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use roost_domain::visit::budget::{Limits, Load};
use tokio::net::TcpListener;
use tokio::time::sleep;
use wake::door::{Reception, serve};
use wake::host_table::{HostTable, follow};
use wake::places::Places;
use wake::session::Sessions;
use wake::{door, session};

use super::api_server::ApiServer;

/// A wait of a test ends after this.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running waker.
pub struct Waker {
    pub address: SocketAddr,
    pub places: Arc<Places>,
    pub sessions: Arc<Sessions>,
    pub hosts: Arc<HostTable>,
}

/// What differs between tests.
#[derive(Clone, Copy)]
pub struct Settings {
    pub hold_limit: Duration,
    pub wake_limit: Duration,
    pub linger: Duration,
    pub held: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hold_limit: Duration::from_secs(20),
            wake_limit: Duration::from_mins(1),
            linger: Duration::from_secs(2),
            held: 40_000,
        }
    }
}

impl Waker {
    /// Starts one that knows all apps there are.
    pub async fn start(cluster: &ApiServer, settings: Settings) -> Self {
        let client = cluster.client();
        let (hosts, is_synced) = (Arc::new(HostTable::default()), Arc::new(AtomicBool::new(false)));
        let waking = session::Settings { wake_limit: settings.wake_limit, starts_at_once: 64, linger: settings.linger };
        let sessions = Sessions::new(client.clone(), Arc::clone(&hosts), waking);
        tokio::spawn(follow(client, Arc::clone(&sessions), Arc::clone(&is_synced)));
        let all = Load { requests: settings.held, bytes: settings.held * 4096 };
        let places = Places::new(Limits { app: all, tenant: all, all });
        let reception = Arc::new(Reception {
            sessions: Arc::clone(&sessions),
            places: Arc::clone(&places),
            settings: door::Settings { hold_limit: settings.hold_limit },
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(listener, reception, std::future::pending(), Duration::ZERO));
        until("all apps are known", || is_synced.load(Ordering::Acquire)).await;
        Self { address, places, sessions, hosts }
    }

    /// Waits until so many requests wait.
    pub async fn holds(&self, requests: u64) {
        until(&format!("{requests} requests wait"), || self.places.taken().requests == requests).await;
    }
}

/// Waits for something to become true.
pub async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < PATIENCE, "gave up waiting until {what}");
        sleep(Duration::from_millis(5)).await;
    }
}
