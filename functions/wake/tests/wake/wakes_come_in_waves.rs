//! An app of several workloads wakes as a whole, those first that others depend on.

use std::time::Duration;

use serde_json::{Value, json};

use crate::Scene;
use crate::support::client::{ask, request};
use crate::support::store::Store;

/// Adds a workload that wakes before the app's own.
fn add_database(store: &Store) {
    let labels = json!({"app.kubernetes.io/managed-by": "roost", "roost.dev/project": "shop"});
    let deployment = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "database", "labels": labels, "generation": 1},
        "spec": {"replicas": 0}, "status": {"observedGeneration": 1},
    });
    store.put("deployments", "user-alice", deployment);
    let workload = |name: &str, wave: u32| json!({"kind": "Deployment", "name": name, "replicas": 1, "wave": wave});
    let saved = |name: &str, replicas: u32| json!({"kind": "Deployment", "name": name, "replicas": replicas});
    let changed = store.change(("apps", "user-alice", "shop"), None, |app| {
        app["spec"]["workloads"] = json!([workload("shop", 1), workload("database", 0)]);
        app["status"]["saved"] = json!([saved("shop", 2), saved("database", 1)]);
    });
    assert!(changed.is_ok());
}

/// The version in which an object first was as wanted.
fn version_of(store: &Store, plural: &str, name: &str, wanted: impl Fn(&Value) -> bool) -> u64 {
    let changes = store.changes_after(&(plural.to_owned(), "user-alice".to_owned()), 0);
    let of_name = changes.iter().filter(|change| change.object["metadata"]["name"] == name);
    of_name.into_iter().find(|change| wanted(&change.object)).map(|change| change.version).unwrap()
}

#[tokio::test]
async fn the_first_wave_is_ready_before_the_second_starts_and_requests_wait_for_both() {
    let scene = Scene::with_pods_after(Duration::from_millis(200)).await;
    let store = &scene.cluster.store;
    add_database(store);
    let answer = ask(scene.waker.address, request("GET", &scene.app.host(), "/", &[])).await.unwrap();
    assert!(answer.is_of_app());
    let is_ready = |pod: &Value| pod["status"]["conditions"][0]["status"] == "True";
    let database = version_of(store, "pods", "database-7d9f-x", is_ready);
    let second = version_of(store, "deployments", "shop", |deployment| deployment["spec"]["replicas"] == 2);
    let both = version_of(store, "pods", "shop-7d9f-x", is_ready);
    let awake = version_of(store, "apps", "shop", |app| app["status"]["phase"] == "Awake");
    assert!(database < second && second < both && both < awake, "{database} {second} {both} {awake}");
}

#[tokio::test]
async fn an_autoscaler_is_not_undercut() {
    let scene = Scene::with_pods_after(Duration::ZERO).await;
    let autoscaler = json!({
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "shop", "labels": {"app.kubernetes.io/managed-by": "roost", "roost.dev/project": "shop"}},
        "spec": {"minReplicas": 5, "maxReplicas": 9, "scaleTargetRef": {"kind": "Deployment", "name": "shop"}},
    });
    scene.cluster.store.put("horizontalpodautoscalers", "user-alice", autoscaler);
    assert!(ask(scene.waker.address, request("GET", &scene.app.host(), "/", &[])).await.unwrap().is_of_app());
    assert_eq!(scene.app.replicas(&scene.cluster.store), 5);
}
