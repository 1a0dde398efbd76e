//! The objects of an app, and the programs that it may run.

use serde_json::{Value, json};

use super::EPOCH;
use crate::manifests::{container, merged, object, pod_spec};

const PYTHON: &str = "docker.io/library/python:3.11-slim";
const BUSYBOX: &str = "docker.io/library/busybox:1.35";
const PORT: u16 = 8080;

/// What an app's pods run.
#[derive(Debug, Clone)]
pub struct Pod {
    container: Value,
}

impl Pod {
    /// What it gets it says, and repeats.
    #[must_use]
    pub fn repeating() -> Self {
        Self::of_image(PYTHON)
    }

    /// The same, so many seconds after its start.
    #[must_use]
    pub fn starting_slowly(seconds: u32) -> Self {
        let start = format!("sleep {seconds} && exec python3 -u /app/app.py");
        Self { container: merged(&Self::repeating().container, &json!({"command": ["sh", "-c", start]})) }
    }

    /// The same from another image. It asks for next to no CPU: the node has two, and very many of these are on it.
    #[must_use]
    pub fn of_image(image: &str) -> Self {
        let container = container(&json!({
            "image": image,
            "command": ["python3", "-u", "/app/app.py"],
            "ports": [{"containerPort": PORT}],
            "volumeMounts": [{"name": "app", "mountPath": "/app"}],
            "readinessProbe": {"tcpSocket": {"port": PORT}, "periodSeconds": 1},
            "resources": {"requests": {"cpu": "2m", "memory": "64Mi"}, "limits": {"cpu": "200m", "memory": "64Mi"}},
        }));
        Self { container }
    }

    /// The least there is to start: it answers with a word, and is ready when it runs.
    #[must_use]
    pub fn smallest() -> Self {
        let serve = format!("cd /dev/shm && echo awake > index.html && exec httpd -f -p {PORT}");
        let container = container(&json!({
            "image": BUSYBOX,
            "command": ["sh", "-c", serve],
            "ports": [{"containerPort": PORT}],
            "resources": {"requests": {"cpu": "2m", "memory": "16Mi"}, "limits": {"cpu": "200m", "memory": "16Mi"}},
        }));
        Self { container }
    }

    /// It writes each request to a volume that outlives it, and says what it has written.
    #[must_use]
    pub fn recording() -> Self {
        let mounts = json!([{"name": "app", "mountPath": "/app/cgi-bin"}, {"name": "data", "mountPath": "/data"}]);
        let changes = json!({"command": ["httpd", "-f", "-p", PORT.to_string(), "-h", "/app"], "volumeMounts": mounts});
        Self { container: merged(&Self::smallest().container, &changes) }
    }

    pub(super) fn keeps_data(&self) -> bool {
        self.container["volumeMounts"]
            .as_array()
            .is_some_and(|mounts| mounts.iter().any(|mount| mount["name"] == "data"))
    }

    fn spec(&self, project: &str) -> Value {
        let mut volumes = Vec::new();
        if self.container.get("volumeMounts").is_some() {
            volumes.push(json!({"name": "app", "configMap": {"name": project, "defaultMode": 0o555}}));
        }
        if self.keeps_data() {
            volumes.push(json!({"name": "data", "persistentVolumeClaim": {"claimName": project}}));
        }
        pod_spec(&json!({"containers": [self.container], "volumes": volumes, "terminationGracePeriodSeconds": 1}))
    }
}

pub(super) fn config_map(project: &str) -> Value {
    let data = json!({
        "app.py": include_str!("app.py"),
        "record": include_str!("record.sh"),
        "recorded": include_str!("recorded.sh"),
    });
    object("v1", "ConfigMap", project, &json!({"data": data}))
}

pub(super) fn service(project: &str) -> Value {
    let ports = json!([{"name": "http", "port": 80, "targetPort": PORT}]);
    object("v1", "Service", project, &json!({"spec": {"selector": {"app": project}, "ports": ports}}))
}

pub(super) fn deployment(project: &str, labels: &Value, pod: &Pod) -> Value {
    let labels = merged(labels, &json!({"app": project}));
    object(
        "apps/v1",
        "Deployment",
        project,
        &json!({
            "metadata": {"annotations": {"roost.dev/epoch": EPOCH.to_string()}},
            "spec": {
                "replicas": 0,
                "selector": {"matchLabels": {"app": project}},
                "template": {"metadata": {"labels": labels}, "spec": pod.spec(project)},
            },
        }),
    )
}
