//! Objects as an owner writes them, which the platform takes as they are; a test changes one thing about one.

use serde_json::{Value, json};

/// An object of any kind.
#[must_use]
pub fn object(api_version: &str, kind: &str, name: &str, rest: &Value) -> Value {
    merged(&json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name}}), rest)
}

/// A configuration.
#[must_use]
pub fn config_map(name: &str) -> Value {
    object("v1", "ConfigMap", name, &json!({"data": {"colour": "blue"}}))
}

/// A secret.
#[must_use]
pub fn secret(name: &str) -> Value {
    object("v1", "Secret", name, &json!({"stringData": {"password": "hunter2"}}))
}

/// A service for the pods labelled with its name, with `changes` to its spec.
#[must_use]
pub fn service(name: &str, changes: &Value) -> Value {
    let spec = json!({"selector": {"app": name}, "ports": [{"port": 80, "targetPort": 8000}]});
    object("v1", "Service", name, &json!({"spec": merged(&spec, changes)}))
}

/// A claim for a volume of that size, with `changes` to its spec.
#[must_use]
pub fn claim(name: &str, size: &str, changes: &Value) -> Value {
    let spec = json!({"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}});
    object("v1", "PersistentVolumeClaim", name, &json!({"spec": merged(&spec, changes)}))
}

/// What Pod Security's level `restricted` wants of a container; with `changes`.
#[must_use]
pub fn container(changes: &Value) -> Value {
    let secured = json!({"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}});
    merged(&json!({"name": "app", "image": "registry.invalid/none:1", "securityContext": secured}), changes)
}

/// A pod's spec with one container; with `changes`.
#[must_use]
pub fn pod_spec(changes: &Value) -> Value {
    let secured = json!({"runAsNonRoot": true, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}});
    merged(&json!({"securityContext": secured, "containers": [container(&json!({}))]}), changes)
}

/// A pod.
#[must_use]
pub fn pod(name: &str, spec: &Value) -> Value {
    object("v1", "Pod", name, &json!({"spec": spec}))
}

/// A deployment of one pod.
#[must_use]
pub fn deployment(name: &str, pod_spec: &Value) -> Value {
    object("apps/v1", "Deployment", name, &json!({"spec": of_labelled_pods(name, pod_spec)}))
}

/// A stateful set of one pod.
#[must_use]
pub fn stateful_set(name: &str, pod_spec: &Value) -> Value {
    let spec = merged(&of_labelled_pods(name, pod_spec), &json!({"serviceName": name}));
    object("apps/v1", "StatefulSet", name, &json!({"spec": spec}))
}

/// A job of one pod, which is run once.
#[must_use]
pub fn job(name: &str, pod_spec: &Value) -> Value {
    let template = template(name, &merged(pod_spec, &json!({"restartPolicy": "Never"})));
    object("batch/v1", "Job", name, &json!({"spec": {"backoffLimit": 0, "template": template}}))
}

fn of_labelled_pods(name: &str, pod_spec: &Value) -> Value {
    json!({"selector": {"matchLabels": {"app": name}}, "template": template(name, pod_spec)})
}

fn template(name: &str, pod_spec: &Value) -> Value {
    json!({"metadata": {"labels": {"app": name}}, "spec": pod_spec})
}

/// A value with changes, as a merge patch has them; lists are replaced.
#[must_use]
pub fn merged(value: &Value, changes: &Value) -> Value {
    match (value, changes) {
        (Value::Object(value), Value::Object(changes)) => {
            let mut all = value.clone();
            for (name, change) in changes {
                let new = value.get(name).map_or_else(|| change.clone(), |old| merged(old, change));
                all.insert(name.clone(), new);
            }
            Value::Object(all)
        }
        _ => changes.clone(),
    }
}
