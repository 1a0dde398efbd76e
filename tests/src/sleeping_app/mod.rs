//! An app of one Deployment that was put to sleep, with all that roll-out and the sweep leave of it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::future::try_join_all;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Service};
use kube::api::PostParams;
use kube::{Api, Client};
use roost_cluster::app::{App, Apps};
use roost_cluster::route::{ProjectRoute, RouteStatus};
use roost_domain::address::Address;
use roost_domain::app::{AppSpec, AppStatus, Cause, CauseKind, Phase, SavedReplicas, WorkloadKind};
use roost_domain::release::ReleaseNumber;
use roost_tests::manifests::{container, merged, object, pod_spec};
use roost_tests::running_platform::{RunningPlatform, variable};
use roost_tests::signup::sign_up;
use roost_tests::until;
use roost_tests::user::User;
use roost_tests::visitor::Visitor;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use ulid::Ulid;

const IMAGE: &str = "docker.io/library/python:3.11-slim";
pub(crate) const PROJECT: &str = "shop";
const PORT: u16 = 8080;
/// Each of a few wakers sees one of so many requests.
const LOOKS: usize = 10;
/// What the sweep would have written: two steps, to draining and to asleep.
const EPOCH: u64 = 2;

pub(crate) struct SleepingApp {
    pub(crate) cluster: Client,
    pub(crate) namespace: String,
    pub(crate) visitor: Visitor,
    apps: Apps,
}

impl SleepingApp {
    /// An app of a new tenant.
    pub(crate) async fn new(platform: &RunningPlatform, tenant: &str) -> Result<Self> {
        Self::with_image(platform, tenant, IMAGE).await
    }

    /// The same with another image.
    pub(crate) async fn with_image(platform: &RunningPlatform, tenant: &str, image: &str) -> Result<Self> {
        let user = User::new(tenant);
        sign_up(platform, &user, "free").await?;
        let (cluster, namespace) = (platform.cluster.clone(), user.namespace());
        let labels = json!({
            "app.kubernetes.io/managed-by": "roost", "roost.dev/tenant": user.id, "roost.dev/project": PROJECT,
        });
        create::<ConfigMap>(&cluster, &namespace, &labels, config_map()).await?;
        create::<Service>(&cluster, &namespace, &labels, service()).await?;
        create::<Deployment>(&cluster, &namespace, &labels, deployment(&labels, image)).await?;
        let host = Address::draw(Ulid::new().random()).host(&variable("ROOST_BASE_DOMAIN")?);
        let visitor = Visitor::of_host(&host)?;
        let app = Self { apps: Apps::new(cluster.clone()), cluster, namespace, visitor };
        app.put_asleep(spec(&user, &host)?).await?;
        Ok(app)
    }

    async fn put_asleep(&self, spec: AppSpec) -> Result<()> {
        let app = self.apps.apply(&self.namespace, spec).await?;
        let status = AppStatus {
            phase: Phase::Asleep,
            epoch: EPOCH,
            cause: Cause::new(CauseKind::Idle, "nobody asked for it"),
            saved: vec![SavedReplicas { kind: WorkloadKind::Deployment, name: PROJECT.to_owned(), replicas: 1 }],
            ..app.standing()
        };
        self.apps.commit(&app, status).await?.context("somebody else changed the app")?;
        until::some("every waker to know the app", || async {
            let looks = (0..LOOKS).map(|_| self.visitor.get("/.roost/wake"));
            let statuses = try_join_all(looks).await?;
            Ok(statuses.iter().all(|(status, _)| status.is_success()).then_some(()))
        })
        .await
    }

    /// Sets after how long the app falls asleep, as a release would.
    pub(crate) async fn falls_asleep_after(&self, seconds: u32) -> Result<()> {
        let spec = AppSpec { idle_after_seconds: Some(seconds), ..self.app().await?.spec };
        self.apps.apply(&self.namespace, spec).await?;
        Ok(())
    }

    /// The app as its cluster has it.
    pub(crate) async fn app(&self) -> Result<App> {
        self.apps.get(&self.namespace, PROJECT).await?.context("there is no app")
    }

    /// Waits until the app is in that phase.
    pub(crate) async fn comes_to(&self, phase: Phase) -> Result<AppStatus> {
        until::some(&format!("the app to be {phase}"), || async {
            let standing = self.app().await?.standing();
            Ok(Some(standing).filter(|standing| standing.phase == phase))
        })
        .await
    }

    /// Waits until the gateway leads to the app, and the waker is out of the way.
    pub(crate) async fn is_routed(&self) -> Result<()> {
        let names = (self.app().await?.spec.tenant, self.app().await?.spec.project);
        let route = ProjectRoute::new(self.cluster.clone(), self.namespace.clone(), names);
        until::some("the app's route", || async { Ok((route.status().await? == RouteStatus::Accepted).then_some(())) })
            .await
    }

    /// How many pods its workload is to have.
    pub(crate) async fn replicas(&self) -> Result<i32> {
        let deployment = Api::<Deployment>::namespaced(self.cluster.clone(), &self.namespace).get(PROJECT).await?;
        Ok(deployment.spec.and_then(|spec| spec.replicas).unwrap_or(1))
    }
}

/// Answers how long something took as well.
pub(crate) async fn timed<T>(what: impl Future<Output = Result<T>>) -> Result<(T, Duration)> {
    let began = Instant::now();
    Ok((what.await?, began.elapsed()))
}

async fn create<K>(cluster: &Client, namespace: &str, labels: &Value, object: Value) -> Result<()>
where
    K: kube::Resource<Scope = kube::core::NamespaceResourceScope> + Clone + std::fmt::Debug,
    K: DeserializeOwned + serde::Serialize,
    K::DynamicType: Default,
{
    let object = merged(&object, &json!({"metadata": {"labels": labels}}));
    let api: Api<K> = Api::namespaced(cluster.clone(), namespace);
    api.create(&PostParams::default(), &serde_json::from_value(object)?).await?;
    Ok(())
}

fn spec(user: &User, host: &str) -> Result<AppSpec> {
    let spec = json!({
        "tenant": user.id, "project": PROJECT, "release": ReleaseNumber::new(1), "host": host,
        "routes": [{"path": "/", "service": PROJECT, "port": 80}],
        "workloads": [{"kind": "Deployment", "name": PROJECT, "replicas": 1, "wave": 0}],
        "idleAfterSeconds": 300,
    });
    Ok(serde_json::from_value(spec)?)
}

fn config_map() -> Value {
    object("v1", "ConfigMap", PROJECT, &json!({"data": {"app.py": include_str!("app.py")}}))
}

fn service() -> Value {
    let ports = json!([{"name": "http", "port": 80, "targetPort": PORT}]);
    object("v1", "Service", PROJECT, &json!({"spec": {"selector": {"app": PROJECT}, "ports": ports}}))
}

fn deployment(labels: &Value, image: &str) -> Value {
    let container = container(&json!({
        "image": image,
        "command": ["python3", "-u", "/app/app.py"],
        "ports": [{"containerPort": PORT}],
        "volumeMounts": [{"name": "app", "mountPath": "/app"}],
        "readinessProbe": {"tcpSocket": {"port": PORT}, "periodSeconds": 1},
        "resources": {"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"cpu": "200m", "memory": "64Mi"}},
    }));
    let volumes = json!([{"name": "app", "configMap": {"name": PROJECT}}]);
    let pod = pod_spec(&json!({"containers": [container], "volumes": volumes, "terminationGracePeriodSeconds": 1}));
    let labels = merged(labels, &json!({"app": PROJECT}));
    object(
        "apps/v1",
        "Deployment",
        PROJECT,
        &json!({
            "metadata": {"annotations": {"roost.dev/epoch": EPOCH.to_string()}},
            "spec": {
                "replicas": 0,
                "selector": {"matchLabels": {"app": PROJECT}},
                "template": {"metadata": {"labels": labels}, "spec": pod},
            },
        }),
    )
}
