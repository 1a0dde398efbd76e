//! While an app falls asleep and wakes again and again, every request gets its app's answer, and once only.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http_body_util::Full;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::Scene;
use crate::support::apps::TestApp;
use crate::support::client::{ask, request};
use crate::support::store::Store;
use crate::support::waker::{Settings, Waker, until};

const CYCLES: usize = 8;
const CLIENTS: u64 = 6;
/// Longer than a watch takes to tell of a drain.
const QUIET: Duration = Duration::from_millis(150);

/// Moves the app on if it is in that phase, as the sweep does; answers whether it was.
fn advance(app: &TestApp, store: &Store, from: &str, to: &str, saved: Option<&Value>) -> bool {
    let namespace = app.namespace();
    let read = store.get("apps", &namespace, &app.name).unwrap();
    if read["status"]["phase"] != from {
        return false;
    }
    let version = read["metadata"]["resourceVersion"].as_str().unwrap();
    let epoch = read["status"]["epoch"].as_u64().unwrap() + 1;
    let changed = store.change(("apps", &namespace, &app.name), Some(version), |app| {
        app["status"]["phase"] = to.into();
        app["status"]["epoch"] = epoch.into();
        if let Some(saved) = saved {
            app["status"]["saved"] = saved.clone();
        }
    });
    if changed.is_ok() && to == "Asleep" {
        let scaled = store.change(("deployments", &namespace, &app.name), None, |deployment| {
            deployment["spec"]["replicas"] = 0.into();
            deployment["metadata"]["annotations"]["roost.dev/epoch"] = epoch.to_string().into();
        });
        assert!(scaled.is_ok());
    }
    changed.is_ok()
}

/// Puts the app to sleep as soon as nobody keeps it from that.
async fn fall_asleep(app: &TestApp, store: &Store) {
    let saved = json!([{"kind": "Deployment", "name": app.name, "replicas": 1}]);
    for _ in 0..500 {
        if advance(app, store, "Awake", "Draining", None) {
            sleep(QUIET).await;
            if advance(app, store, "Draining", "Asleep", Some(&saved)) {
                return;
            }
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("it does not fall asleep");
}

async fn keep_asking(wakers: [std::net::SocketAddr; 2], host: String, client: u64, ended: Arc<AtomicBool>) -> u64 {
    let mut asked = 0;
    while !ended.load(Ordering::Relaxed) {
        let waker = wakers[usize::try_from(asked % 2).unwrap()];
        let body = request("POST", &host, "/", &[]).map(|_| Full::from(format!("{client} {asked}")));
        let answer = ask(waker, body).await.unwrap();
        assert!(answer.is_of_app(), "request {asked} of client {client}: {answer:?}");
        asked += 1;
        // Different for each client and request, and the same in every run.
        sleep(Duration::from_millis((client * 211 + asked * 97) % 700)).await;
    }
    asked
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_is_answered_once_however_often_the_app_sleeps() {
    let scene = Scene::with_pods_after(Duration::from_millis(40)).await;
    let other = Waker::start(&scene.cluster, Settings::default()).await;
    let (wakers, ended) = ([scene.waker.address, other.address], Arc::new(AtomicBool::new(false)));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| tokio::spawn(keep_asking(wakers, scene.app.host(), client, Arc::clone(&ended))))
        .collect();
    for _ in 0..CYCLES {
        until("it is awake", || scene.app.phase(&scene.cluster.store) == "Awake").await;
        fall_asleep(&scene.app, &scene.cluster.store).await;
    }
    ended.store(true, Ordering::Relaxed);
    let mut asked = 0;
    for client in clients {
        asked += client.await.unwrap();
    }
    assert_eq!(scene.pod.requests(), asked);
    println!("{asked} requests in {CYCLES} sleeps");
}
