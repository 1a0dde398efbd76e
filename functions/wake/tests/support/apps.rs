//! Apps with what they consist of, as roll-out leaves them.

use serde_json::{Value, json};

use super::store::Store;

/// An app of one Deployment, put into a phase.
#[derive(Clone)]
pub struct TestApp {
    pub tenant: String,
    pub name: String,
}

impl TestApp {
    pub fn new(tenant: &str, name: &str) -> Self {
        Self { tenant: tenant.to_owned(), name: name.to_owned() }
    }

    pub fn namespace(&self) -> String {
        format!("user-{}", self.tenant)
    }

    pub fn host(&self) -> String {
        format!("{}-{}.example.com", self.tenant, self.name)
    }

    /// The app asleep, with two pods to return to.
    pub fn asleep(&self, store: &Store) {
        self.put(store, &json!({"phase": "Asleep", "epoch": 3, "saved": [self.saved(2)]}), 0);
    }

    /// The app in some state.
    pub fn put(&self, store: &Store, state: &Value, replicas: u32) {
        let mut status = json!({
            "since": "2026-01-01T00:00:00Z",
            "cause": {"kind": "Idle", "detail": "nobody asked for it"},
        });
        status.as_object_mut().unwrap().extend(state.as_object().unwrap().clone());
        let labels = self.labels();
        let namespace = self.namespace();
        store.put(
            "services",
            &namespace,
            json!({
                "apiVersion": "v1", "kind": "Service", "metadata": {"name": self.name, "labels": labels},
                "spec": {"ports": [{"port": 80, "targetPort": "http"}]},
            }),
        );
        store.put("deployments", &namespace, json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": self.name, "labels": labels, "annotations": {"roost.dev/epoch": "3"}, "generation": 1},
            "spec": {"replicas": replicas}, "status": {"observedGeneration": 1},
        }));
        store.put(
            "apps",
            &namespace,
            json!({
                "apiVersion": "apps.roost.dev/v1alpha1", "kind": "App",
                "metadata": {"name": self.name, "labels": labels, "uid": format!("uid-{}", self.name)},
                "spec": {
                    "tenant": self.tenant, "project": self.name, "release": 1, "host": self.host(),
                    "routes": [{"path": "/", "service": self.name, "port": 80}],
                    "workloads": [{"kind": "Deployment", "name": self.name, "replicas": 1, "wave": 0}],
                },
                "status": status,
            }),
        );
    }

    /// Whether the controller of its Deployment has seen to it that nothing of it runs.
    pub fn is_stopped(&self, store: &Store, is_stopped: bool) {
        let mut deployment = store.get("deployments", &self.namespace(), &self.name).unwrap().as_ref().clone();
        deployment["status"] = json!({"observedGeneration": 1, "replicas": u8::from(!is_stopped)});
        store.put("deployments", &self.namespace(), deployment);
    }

    fn saved(&self, replicas: u32) -> Value {
        json!({"kind": "Deployment", "name": self.name, "replicas": replicas})
    }

    fn labels(&self) -> Value {
        json!({"app.kubernetes.io/managed-by": "roost", "roost.dev/project": self.name, "roost.dev/tenant": self.tenant})
    }

    pub fn phase(&self, store: &Store) -> String {
        store.get("apps", &self.namespace(), &self.name).unwrap()["status"]["phase"].as_str().unwrap().to_owned()
    }

    pub fn replicas(&self, store: &Store) -> u64 {
        store.get("deployments", &self.namespace(), &self.name).unwrap()["spec"]["replicas"].as_u64().unwrap()
    }

    pub fn has_route(&self, store: &Store) -> bool {
        store.get("httproutes", &self.namespace(), &format!("roost-{}", self.name)).is_some()
    }
}
