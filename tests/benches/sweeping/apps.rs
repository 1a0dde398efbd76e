//! Very many apps, of which nothing runs.

use std::ops::Range;

use anyhow::Result;
use futures::{StreamExt, TryStreamExt, stream};
use k8s_openapi::api::core::v1::Namespace;
use kube::api::{Patch, PatchParams, PostParams};
use kube::core::{ApiResource, DynamicObject, GroupVersionKind};
use kube::{Api, Client};
use roost_cluster::app::App;
use roost_tests::running_platform::RunningPlatform;
use serde_json::{Value, json};

/// Apps in a namespace.
const OF_A_TENANT: usize = 1_000;
/// Calls at once.
const AT_ONCE: usize = 48;
/// A sweep that finds them idle would try to stop them.
const IDLE_SECONDS: u32 = 86_400;

pub(crate) struct Crowd {
    cluster: Client,
}

impl Crowd {
    /// So many apps, all asleep.
    pub(crate) async fn create(platform: &RunningPlatform, apps: usize) -> Result<Self> {
        let crowd = Self { cluster: platform.cluster.clone() };
        let namespaces: Api<Namespace> = Api::all(crowd.cluster.clone());
        for tenant in 0..apps.div_ceil(OF_A_TENANT) {
            let named = json!({"metadata": {"name": format!("user-{}", self::tenant(tenant * OF_A_TENANT))}});
            namespaces.create(&PostParams::default(), &serde_json::from_value(named)?).await?;
        }
        let asleep = status("Asleep", true);
        stream::iter((0..apps).map(|number| crowd.put(number, &asleep)))
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
        println!("{apps} apps are asleep");
        Ok(crowd)
    }

    /// Wakes some of them: with a route each, which leads nowhere.
    pub(crate) async fn wake(&self, numbers: Range<usize>) -> Result<()> {
        let awake = &status("Awake", false);
        let woken = numbers.map(|number| async move {
            self.set(number, awake).await?;
            self.open_route(number).await
        });
        stream::iter(woken).buffer_unordered(AT_ONCE).try_collect().await
    }

    async fn put(&self, number: usize, status: &Value) -> Result<()> {
        let app: App = serde_json::from_value(json!({
            "apiVersion": "apps.roost.dev/v1alpha1", "kind": "App", "metadata": {"name": project(number)},
            "spec": {
                "tenant": tenant(number), "project": project(number), "release": 1,
                "host": format!("{}-{}.roost.localhost", tenant(number), project(number)),
                "routes": [{"path": "/", "service": project(number), "port": 80}],
                "workloads": [{"kind": "Deployment", "name": project(number), "replicas": 1, "wave": 0}],
                "idleAfterSeconds": IDLE_SECONDS,
            },
        }))?;
        self.apps(number).create(&PostParams::default(), &app).await?;
        self.set(number, status).await
    }

    async fn set(&self, number: usize, status: &Value) -> Result<()> {
        let patch = Patch::Merge(json!({"status": status}));
        self.apps(number).patch_status(&project(number), &PatchParams::default(), &patch).await?;
        Ok(())
    }

    async fn open_route(&self, number: usize) -> Result<()> {
        let kind = ApiResource::from_gvk(&GroupVersionKind::gvk("gateway.networking.k8s.io", "v1", "HTTPRoute"));
        let routes: Api<DynamicObject> = Api::namespaced_with(self.cluster.clone(), &namespace(number), &kind);
        let route = json!({
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
            "metadata": {
                "name": format!("roost-{}", project(number)),
                "labels": {"app.kubernetes.io/managed-by": "roost", "roost.dev/project": project(number)},
                "annotations": {"roost.dev/opened": "2026-01-01T00:00:00Z"},
            },
            "spec": {"parentRefs": [{"name": "nobody"}]},
        });
        routes.create(&PostParams::default(), &serde_json::from_value(route)?).await?;
        Ok(())
    }

    fn apps(&self, number: usize) -> Api<App> {
        Api::namespaced(self.cluster.clone(), &namespace(number))
    }
}

fn status(phase: &str, settled: bool) -> Value {
    json!({
        "phase": phase, "epoch": 2, "since": "2026-01-01T00:00:00Z", "settled": settled,
        "cause": {"kind": "Idle", "detail": "nobody asked for it"},
    })
}

fn tenant(number: usize) -> String {
    format!("crowd-{:03}", number / OF_A_TENANT)
}

fn project(number: usize) -> String {
    format!("app-{:03}", number % OF_A_TENANT)
}

fn namespace(number: usize) -> String {
    format!("user-{}", tenant(number))
}
