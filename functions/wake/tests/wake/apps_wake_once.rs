//! However many ask, and however many wakers there are, an app wakes once; and not for everybody.

use std::time::Duration;

use futures::future::join_all;
use http::StatusCode;
use tokio::time::sleep;

use crate::Scene;
use crate::support::apps::TestApp;
use crate::support::client::{ask, request};
use crate::support::waker::{Settings, Waker, until};

#[tokio::test]
async fn two_wakers_wake_an_app_once() {
    let scene = Scene::with_pods_after(Duration::from_millis(300)).await;
    let other = Waker::start(&scene.cluster, Settings::default()).await;
    let asking = (0..50).map(|number| {
        let address = if number % 2 == 0 { scene.waker.address } else { other.address };
        ask(address, request("GET", &scene.app.host(), "/", &[]))
    });
    let answers = join_all(asking).await;
    assert!(answers.iter().all(|answer| answer.as_ref().unwrap().is_of_app()));
    let app = scene.cluster.store.get("apps", &scene.app.namespace(), &scene.app.name).unwrap();
    assert_eq!((&app["status"]["phase"], &app["status"]["epoch"]), (&"Awake".into(), &5.into()), "two steps");
    assert_eq!(app["status"]["wakeMillis"].as_array().unwrap().len(), 1);
    let deployment = scene.cluster.store.get("deployments", &scene.app.namespace(), &scene.app.name).unwrap();
    assert_eq!(deployment["metadata"]["annotations"]["roost.dev/epoch"], "4");
}

#[tokio::test]
async fn a_wake_whose_waker_has_gone_is_carried_on() {
    let scene = Scene::with_pods_after(Duration::ZERO).await;
    let wake = serde_json::json!({"startedAt": jiff::Timestamp::now().to_string()});
    scene.app.put(&scene.cluster.store, &serde_json::json!({"phase": "Waking", "epoch": 9, "wake": wake}), 0);
    until("somebody has taken it up", || scene.app.phase(&scene.cluster.store) == "Awake").await;
    assert_eq!(scene.app.replicas(&scene.cluster.store), 1);
}

#[tokio::test]
async fn robots_guesses_and_strangers_cost_the_cluster_nothing() {
    let scene = Scene::with_pods_after(Duration::ZERO).await;
    let before = scene.cluster.writes();
    let host = scene.app.host();
    let cases = [
        (request("GET", &host, "/", &[("user-agent", "Googlebot/2.1")]), StatusCode::SERVICE_UNAVAILABLE),
        (request("GET", &host, "/", &[("sec-purpose", "prefetch")]), StatusCode::SERVICE_UNAVAILABLE),
        (request("HEAD", &host, "/", &[]), StatusCode::SERVICE_UNAVAILABLE),
        (request("GET", &host, "/.roost/wake", &[]), StatusCode::OK),
        (request("POST", "nobody.example.com", "/", &[]), StatusCode::NOT_FOUND),
        (request("GET", "../../etc", "/", &[("accept", "text/html")]), StatusCode::NOT_FOUND),
    ];
    for (request, expected) in cases {
        let what = format!("{request:?}");
        let answer = ask(scene.waker.address, request).await.unwrap();
        assert_eq!(answer.status, expected, "{what}");
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
    assert!(scene.waker.sessions.is_empty());
    assert_eq!((scene.cluster.writes(), scene.app.phase(&scene.cluster.store).as_str()), (before, "Asleep"));
}

#[tokio::test]
async fn a_path_that_no_route_covers_wakes_nothing() {
    let scene = Scene::with_pods_after(Duration::ZERO).await;
    let store = &scene.cluster.store;
    let key = ("apps", "user-alice", "shop");
    let changed = store.change(key, None, |app| app["spec"]["routes"][0]["path"] = "/api".into());
    assert!(changed.is_ok());
    sleep(Duration::from_millis(100)).await;
    let elsewhere = ask(scene.waker.address, request("GET", &scene.app.host(), "/apis", &[])).await.unwrap();
    assert_eq!((elsewhere.status, scene.app.phase(store).as_str()), (StatusCode::NOT_FOUND, "Asleep"));
    assert!(ask(scene.waker.address, request("GET", &scene.app.host(), "/api/x", &[])).await.unwrap().is_of_app());
}

#[tokio::test]
async fn an_app_that_nobody_asks_for_any_more_is_no_longer_looked_after() {
    let settings = Settings { linger: Duration::from_millis(200), ..Settings::default() };
    let scene = Scene::with(Duration::ZERO, settings).await;
    ask(scene.waker.address, request("GET", &scene.app.host(), "/", &[])).await.unwrap();
    until("the session has ended", || scene.waker.sessions.is_empty()).await;
    scene.app.asleep(&scene.cluster.store);
    sleep(Duration::from_millis(100)).await;
    assert!(ask(scene.waker.address, request("GET", &scene.app.host(), "/", &[])).await.unwrap().is_of_app());
}

#[tokio::test]
async fn an_app_that_falls_asleep_while_it_is_looked_after_wakes_again() {
    let scene = Scene::with_pods_after(Duration::from_millis(50)).await;
    for round in 0..5 {
        let answer = ask(scene.waker.address, request("GET", &scene.app.host(), "/", &[])).await.unwrap();
        assert!(answer.is_of_app(), "round {round}: {answer:?}");
        let epoch = 20 + round * 10;
        let saved = serde_json::json!([{"kind": "Deployment", "name": "shop", "replicas": 1}]);
        scene.app.put(&scene.cluster.store, &serde_json::json!({"phase": "Asleep", "epoch": epoch, "saved": saved}), 0);
        sleep(Duration::from_millis(30)).await;
    }
}

#[tokio::test]
async fn the_apps_of_two_hosts_wake_by_themselves() {
    let scene = Scene::with_pods_after(Duration::from_millis(100)).await;
    let other = TestApp::new("bob", "blog");
    other.asleep(&scene.cluster.store);
    until("it is known", || scene.waker.hosts.len() == 2).await;
    assert!(ask(scene.waker.address, request("GET", &other.host(), "/", &[])).await.unwrap().is_of_app());
    assert_eq!(scene.app.phase(&scene.cluster.store), "Asleep");
}
