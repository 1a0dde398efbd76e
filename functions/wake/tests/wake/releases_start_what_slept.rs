//! While a release starts an app that slept, requests wait until all of it runs.

use std::time::Duration;

use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::support::api_server::ApiServer;
use crate::support::apps::TestApp;
use crate::support::client::{ask, request};
use crate::support::kubelet::{self, Start};
use crate::support::pod::Pod;
use crate::support::waker::{Settings, Waker};

/// Longer than it takes to be let through.
const A_WHILE: Duration = Duration::from_secs(1);
const LIMIT: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_let_through_before_a_release_has_started_all_that_ran() {
    let (cluster, pod) = (ApiServer::start().await, Pod::start(Duration::ZERO).await);
    let app = TestApp::new("alice", "shop");
    let saved = json!([{"kind": "Deployment", "name": "shop", "replicas": 1}]);
    app.put(&cluster.store, &json!({"phase": "Awake", "epoch": 4, "rollingOut": true, "saved": saved}), 1);
    kubelet::run(&cluster.store, Start::Ready(pod.address, Duration::ZERO));
    let waker = Waker::start(&cluster, Settings::default()).await;
    let (address, host) = (waker.address, app.host());
    let asked = tokio::spawn(async move { ask(address, request("POST", &host, "/", &[])).await });
    sleep(A_WHILE).await;
    assert!(!asked.is_finished(), "{:?}", asked.await);
    let started = cluster.store.change(("apps", &app.namespace(), &app.name), None, |app| {
        app["status"]["rollingOut"] = false.into();
        app["status"]["saved"] = json!([]);
    });
    assert!(started.is_ok());
    let answer = timeout(LIMIT, asked).await.unwrap().unwrap().unwrap();
    assert!(answer.is_of_app(), "{answer:?}");
}
