//! What a cluster does with Deployments: pods come up and go down, and slices say where they answer.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;

use super::store::Store;

const POD_OF_BEFORE: &str = "of-before";

/// How pods come up.
#[derive(Clone, Copy)]
pub enum Start {
    /// They answer at an address after a time.
    Ready(SocketAddr, Duration),
    /// Their image is not to be had.
    WithoutImage,
}

/// Runs the Deployments of all namespaces for ever.
pub fn run(store: &Store, start: Start) {
    let store = store.clone();
    tokio::spawn(async move {
        let collection = ("deployments".to_owned(), String::new());
        let (mut latest, mut version) = (store.follow(&collection), 0);
        loop {
            latest.borrow_and_update();
            for change in store.changes_after(&collection, version) {
                version = change.version;
                tokio::spawn(follow(store.clone(), change.object, start));
            }
            if latest.changed().await.is_err() {
                return;
            }
        }
    });
}

async fn follow(store: Store, deployment: std::sync::Arc<Value>, start: Start) {
    let (namespace, name) = (text(&deployment, "namespace"), text(&deployment, "name"));
    let labels = deployment["metadata"]["labels"].clone();
    if deployment["spec"]["replicas"] == 0 {
        store.delete("pods", &namespace, &format!("{name}-7d9f-x"));
        store.put("endpointslices", &namespace, slice(&name, None));
        return;
    }
    match start {
        Start::Ready(address, after) => {
            if !after.is_zero() {
                store.put("pods", &namespace, pod(&name, &labels, &json!({"running": {}}), false));
                sleep(after).await;
            }
            store.put("pods", &namespace, pod(&name, &labels, &json!({"running": {}}), true));
            store.put("endpointslices", &namespace, slice(&name, Some(address)));
        }
        Start::WithoutImage => {
            let waiting = json!({"waiting": {"reason": "InvalidImageName", "message": "no such image"}});
            store.put("replicasets", &namespace, replica_set(&name, &labels));
            store.put("pods", &namespace, pod(&name, &labels, &waiting, false));
        }
    }
}

fn text(object: &Value, field: &str) -> String {
    object["metadata"][field].as_str().unwrap_or_default().to_owned()
}

fn with_hash(labels: &Value) -> Value {
    let mut labels = labels.clone();
    labels["pod-template-hash"] = json!("7d9f");
    labels
}

fn replica_set(name: &str, labels: &Value) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": {
            "name": format!("{name}-7d9f"), "labels": with_hash(labels),
            "annotations": {"deployment.kubernetes.io/revision": "1"},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": name, "uid": "u"}],
        },
    })
}

/// A pod of an app that was stopped a moment ago: nobody has told it yet.
pub fn put_pod_of_before(store: &Store, namespace: &str, name: &str) {
    let labels = store.get("deployments", namespace, name).unwrap()["metadata"]["labels"].clone();
    let mut before = pod(name, &labels, &json!({"running": {}}), true);
    before["metadata"]["name"] = json!(POD_OF_BEFORE);
    store.put("pods", namespace, before);
}

/// It is gone.
pub fn delete_pod_of_before(store: &Store, namespace: &str) {
    store.delete("pods", namespace, POD_OF_BEFORE);
}

fn pod(name: &str, labels: &Value, state: &Value, is_ready: bool) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": format!("{name}-7d9f-x"), "labels": with_hash(labels),
            "ownerReferences": [
                {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": format!("{name}-7d9f"), "uid": "u", "controller": true},
            ],
        },
        "status": {
            "conditions": [{"type": "Ready", "status": if is_ready { "True" } else { "False" }}],
            "containerStatuses": [
                {"name": "app", "ready": is_ready, "restartCount": 0, "image": "i", "imageID": "", "state": state},
            ],
        },
    })
}

fn slice(name: &str, address: Option<SocketAddr>) -> Value {
    let endpoints: Vec<_> = address
        .map(|address| json!({"addresses": [address.ip().to_string()], "conditions": {"ready": true}}))
        .into_iter()
        .collect();
    json!({
        "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
        "metadata": {"name": format!("{name}-x"), "labels": {"kubernetes.io/service-name": name}},
        "endpoints": endpoints, "ports": [{"name": "", "port": address.map_or(1, |address| address.port())}],
    })
}
