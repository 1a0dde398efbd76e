//! Before an app may sleep, the sweep asks every waker what it has to do with it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use roost_domain::app::idle::Forwarding;
use tokio::net::TcpListener;
use wake::door::{Asked, health};
use wake::host_table::AppId;

use crate::Scene;
use crate::support::client::{ask, request};
use crate::support::waker::until;

async fn health_of(scene: &Scene) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (sessions, places) = (Arc::clone(&scene.waker.sessions), Arc::clone(&scene.waker.places));
    tokio::spawn(health(listener, Asked { sessions, places, is_ready: Arc::new(AtomicBool::new(true)) }));
    address
}

async fn forwarding(health: SocketAddr, app: &str) -> Forwarding {
    let answer = ask(health, request("GET", "waker", &format!("/apps/{app}"), &[])).await.unwrap();
    serde_json::from_str(&answer.text).unwrap()
}

#[tokio::test]
async fn requests_count_from_their_first_byte_to_their_last() {
    let scene = Scene::with_pods_after(Duration::from_millis(400)).await;
    let health = health_of(&scene).await;
    let unused = forwarding(health, "user-alice/shop").await;
    assert_eq!((unused.epoch, unused.open), (None, 0));
    let asking = tokio::spawn(ask(scene.waker.address, request("GET", &scene.app.host(), "/", &[])));
    scene.waker.holds(1).await;
    assert_eq!(forwarding(health, "user-alice/shop").await.open, 1);
    assert!(asking.await.unwrap().unwrap().is_of_app());
    let id = AppId::new("user-alice", "shop");
    let now = || scene.waker.sessions.forwarding(&id);
    until("nothing is open", || now().open == 0 && now().epoch == Some(5)).await;
    let used = forwarding(health, "user-alice/shop").await;
    assert!(used.last_used > unused.last_used);
}

#[tokio::test]
async fn an_app_that_is_not_known_has_no_epoch() {
    let scene = Scene::with_pods_after(Duration::ZERO).await;
    let unknown = forwarding(health_of(&scene).await, "user-bob/blog").await;
    assert_eq!((unknown.epoch, unknown.open), (None, 0));
}
