//! An app that does not wake up says why, goes back to nothing, and is left alone for a while.

use std::time::Duration;

use http::StatusCode;

use crate::support::api_server::ApiServer;
use crate::support::apps::TestApp;
use crate::support::client::{ask, request};
use crate::support::kubelet::{self, Start};
use crate::support::waker::{Settings, Waker, until};

#[tokio::test]
async fn an_app_without_its_image_fails_with_the_reason() {
    let (cluster, app) = (ApiServer::start().await, TestApp::new("alice", "shop"));
    app.asleep(&cluster.store);
    kubelet::run(&cluster.store, Start::WithoutImage);
    let waker = Waker::start(&cluster, Settings::default()).await;
    let held = ask(waker.address, request("GET", &app.host(), "/", &[])).await.unwrap();
    assert_eq!(held.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(held.text.contains("One of its images cannot be fetched."), "{}", held.text);
    let page = ask(waker.address, request("GET", &app.host(), "/", &[("accept", "text/html")])).await.unwrap();
    assert!(page.text.contains("One of its images cannot be fetched."), "{}", page.text);
    until("nothing of it runs", || app.replicas(&cluster.store) == 0).await;
    let status = cluster.store.get("apps", &app.namespace(), &app.name).unwrap()["status"].clone();
    assert_eq!((status["phase"].as_str(), status["wake"]["reason"].as_str()), (Some("Failed"), Some("image-pull")));
    assert!(status["wake"]["nextAttemptAt"].is_string());
    until("its owner can read of it", || !cluster.store.list("events", &app.namespace()).0.is_empty()).await;
    let writes = cluster.writes();
    ask(waker.address, request("GET", &app.host(), "/", &[])).await.unwrap();
    assert_eq!(cluster.writes(), writes, "it is not tried again before its time");
}

#[tokio::test]
async fn an_app_that_takes_too_long_has_failed() {
    let (cluster, app) = (ApiServer::start().await, TestApp::new("alice", "shop"));
    app.asleep(&cluster.store);
    let settings = Settings { wake_limit: Duration::ZERO, ..Settings::default() };
    let waker = Waker::start(&cluster, settings).await;
    let answer = ask(waker.address, request("GET", &app.host(), "/", &[])).await.unwrap();
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(app.phase(&cluster.store), "Failed");
    until("nothing of it runs", || app.replicas(&cluster.store) == 0).await;
}
