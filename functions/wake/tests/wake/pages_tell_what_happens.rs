//! Whoever opens a page of an app that sleeps sees one at once, and the app as soon as it is there.

use std::time::Duration;

use http::StatusCode;

use crate::Scene;
use crate::support::client::{ask, request};
use crate::support::waker::until;

const HTML: [(&str, &str); 1] = [("accept", "text/html")];

#[tokio::test]
async fn the_page_comes_at_once_and_the_app_after_it() {
    let scene = Scene::with_pods_after(Duration::from_millis(400)).await;
    let open = || request("GET", &scene.app.host(), "/shop?x=1", &HTML);
    let page = ask(scene.waker.address, open()).await.unwrap();
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.text.contains("waking up, please wait…"), "{}", page.text);
    assert!(page.headers.contains_key("retry-after") && page.headers["cache-control"] == "no-store");
    let status = ask(scene.waker.address, request("GET", &scene.app.host(), "/.roost/wake", &[])).await.unwrap();
    assert_eq!((status.json()["ready"].clone(), &status.headers["roost-wake"]), (false.into(), &"1".parse().unwrap()));
    until("the app is awake", || scene.app.phase(&scene.cluster.store) == "Awake").await;
    let status = ask(scene.waker.address, request("GET", &scene.app.host(), "/.roost/wake", &[])).await.unwrap();
    assert_eq!(status.json()["ready"], true);
    let app = ask(scene.waker.address, open()).await.unwrap();
    assert_eq!((app.status, app.json()["path"].clone()), (StatusCode::OK, "/shop?x=1".into()));
}

#[tokio::test]
async fn an_unknown_host_has_a_page_too() {
    let scene = Scene::with_pods_after(Duration::ZERO).await;
    let page = ask(scene.waker.address, request("GET", "some-other-name.example.com", "/", &HTML)).await.unwrap();
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text.contains("No app has this address."));
}
