//! What waits is bounded, in number and in time.

use std::time::{Duration, Instant};

use futures::future::join_all;
use http::StatusCode;

use crate::Scene;
use crate::support::client::{ask, request};
use crate::support::waker::Settings;

#[tokio::test]
async fn whoever_finds_no_place_is_told_to_come_back() {
    let settings = Settings { held: 20, ..Settings::default() };
    let scene = Scene::with(Duration::from_secs(1), settings).await;
    let asking = (0..30).map(|_| ask(scene.waker.address, request("GET", &scene.app.host(), "/", &[])));
    let answers: Vec<_> = join_all(asking).await.into_iter().map(Result::unwrap).collect();
    let (held, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(crate::support::client::Answer::is_of_app);
    assert_eq!((held.len(), refused.len()), (10, 20), "one tenant gets half");
    for answer in refused {
        assert_eq!(
            (answer.status, &answer.headers["retry-after"]),
            (StatusCode::SERVICE_UNAVAILABLE, &"2".parse().unwrap())
        );
    }
}

#[tokio::test]
async fn nobody_waits_for_longer_than_the_limit() {
    let settings = Settings { hold_limit: Duration::from_millis(300), ..Settings::default() };
    let scene = Scene::with(Duration::from_secs(30), settings).await;
    let started = Instant::now();
    let answer = ask(scene.waker.address, request("POST", &scene.app.host(), "/", &[])).await.unwrap();
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers.contains_key("retry-after"));
    assert!(started.elapsed() < Duration::from_secs(3));
    assert_eq!(scene.app.phase(&scene.cluster.store), "Waking", "the wake goes on");
    scene.waker.holds(0).await;
}
