//! An app that is asked for in the moment in which it has gone to sleep wakes anew: what still runs of it is on its way out.

use std::time::Duration;

use tokio::time::sleep;

use crate::Scene;
use crate::support::client::{ask, request};
use crate::support::kubelet;
use crate::support::waker::until;

#[tokio::test]
async fn pods_of_before_are_not_taken_for_new_ones() {
    let scene = Scene::with_pods_after(Duration::ZERO).await;
    let (store, app) = (&scene.cluster.store, &scene.app);
    app.is_stopped(store, false);
    kubelet::put_pod_of_before(store, &app.namespace(), &app.name);
    let asked = tokio::spawn(ask(scene.waker.address, request("GET", &app.host(), "/", &[])));
    until("somebody wakes it", || app.phase(store) == "Waking").await;
    // Nothing tells when nothing happens.
    sleep(Duration::from_millis(300)).await;
    assert_eq!((app.phase(store).as_str(), app.replicas(store)), ("Waking", 0));
    kubelet::delete_pod_of_before(store, &app.namespace());
    app.is_stopped(store, true);
    assert!(asked.await.unwrap().unwrap().is_of_app());
    assert_eq!((app.phase(store).as_str(), app.replicas(store)), ("Awake", 2));
}
