//! An app of one Deployment that was put to sleep, with all that roll-out and the sweep leave of it.

mod objects;

use std::time::{Duration, Instant};

use crate::manifests::{claim, merged};
use crate::running_platform::{RunningPlatform, variable};
use crate::signup::sign_up;
use crate::until;
use crate::user::User;
use crate::visitor::Visitor;
use anyhow::{Context, Result};
use futures::future::try_join_all;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, PersistentVolumeClaim, Service};
use kube::api::{ListParams, PostParams};
use kube::{Api, Client};
pub use objects::Pod;
use roost_cluster::app::{App, Apps};
use roost_cluster::route::{ProjectRoute, RouteStatus};
use roost_domain::address::Address;
use roost_domain::app::{AppSpec, AppStatus, AwakeHours, Cause, CauseKind, Phase, SavedReplicas, WorkloadKind};
use roost_domain::release::ReleaseNumber;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use ulid::Ulid;

pub const PROJECT: &str = "shop";
/// Each of a few wakers sees one of so many requests.
const LOOKS: usize = 10;
/// What the sweep would have written: two steps, to draining and to asleep.
const EPOCH: u64 = 2;

/// An app that sleeps until its test, or somebody else, wakes it.
pub struct SleepingApp {
    /// Its cluster, as the administrator.
    pub cluster: Client,
    /// Its owner's namespace.
    pub namespace: String,
    /// Somebody who visits its address.
    pub visitor: Visitor,
    /// Its address.
    pub host: String,
    project: String,
    apps: Apps,
}

impl SleepingApp {
    /// An app of a new tenant.
    pub async fn new(platform: &RunningPlatform, tenant: &str) -> Result<Self> {
        Self::with_pod(platform, tenant, &Pod::repeating()).await
    }

    /// The same with other pods.
    pub async fn with_pod(platform: &RunningPlatform, tenant: &str, pod: &Pod) -> Result<Self> {
        let user = User::new(tenant);
        sign_up(platform, &user, "free").await?;
        Self::of(platform, &user, PROJECT, pod).await
    }

    /// A project of a tenant that is there.
    pub async fn of(platform: &RunningPlatform, user: &User, project: &str, pod: &Pod) -> Result<Self> {
        let (cluster, namespace) = (platform.cluster.clone(), user.namespace());
        let labels = json!({
            "app.kubernetes.io/managed-by": "roost", "roost.dev/tenant": user.id, "roost.dev/project": project,
        });
        create::<ConfigMap>(&cluster, &namespace, &labels, objects::config_map(project)).await?;
        if pod.keeps_data() {
            create::<PersistentVolumeClaim>(&cluster, &namespace, &labels, claim(project, "16Mi", &json!({}))).await?;
        }
        create::<Service>(&cluster, &namespace, &labels, objects::service(project)).await?;
        create::<Deployment>(&cluster, &namespace, &labels, objects::deployment(project, &labels, pod)).await?;
        let host = Address::draw(Ulid::new().random()).host(&variable("ROOST_BASE_DOMAIN")?);
        let (visitor, apps) = (Visitor::of_host(&host)?, Apps::new(cluster.clone()));
        let app = Self { cluster, namespace, visitor, host, project: project.to_owned(), apps };
        app.put_asleep(spec(user, project, &app.host)?).await?;
        Ok(app)
    }

    async fn put_asleep(&self, spec: AppSpec) -> Result<()> {
        let app = self.apps.apply(&self.namespace, spec).await?;
        let status = AppStatus {
            phase: Phase::Asleep,
            epoch: EPOCH,
            cause: Cause::new(CauseKind::Idle, "nobody asked for it"),
            saved: vec![SavedReplicas { kind: WorkloadKind::Deployment, name: self.project.clone(), replicas: 1 }],
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

    /// Puts the app to sleep as the sweep would, without waiting until nobody uses it; its pods are gone then.
    pub async fn sleeps_again(&self) -> Result<()> {
        let app = self.app().await?;
        let standing = app.standing();
        let saved = vec![SavedReplicas { kind: WorkloadKind::Deployment, name: self.project.clone(), replicas: 1 }];
        let (phase, epoch) = (Phase::Draining, standing.epoch + 1);
        let draining = AppStatus { phase, epoch, cause: Cause::new(CauseKind::Idle, "a test"), saved, ..standing };
        let app = self.apps.commit(&app, draining.clone()).await?.context("somebody else changed the app")?;
        self.apps.close_route(&app).await?;
        let asleep = AppStatus { phase: Phase::Asleep, epoch: epoch + 1, ..draining };
        let app = self.apps.commit(&app, asleep).await?.context("somebody else changed the app")?;
        self.apps.stop(app).await?;
        let pods = Api::<k8s_openapi::api::core::v1::Pod>::namespaced(self.cluster.clone(), &self.namespace);
        let own = ListParams::default().labels(&format!("app={}", self.project));
        until::some("its pods to end", || async { Ok(pods.list(&own).await?.items.is_empty().then_some(())) }).await
    }

    /// Sets after how long the app falls asleep, as a release would.
    pub async fn falls_asleep_after(&self, seconds: u32) -> Result<()> {
        let spec = AppSpec { idle_after_seconds: Some(seconds), ..self.app().await?.spec };
        self.apps.apply(&self.namespace, spec).await?;
        Ok(())
    }

    /// Sets in which hours the app stays awake, as a release would.
    pub async fn has_awake_hours(&self, awake_hours: Option<AwakeHours>) -> Result<()> {
        let spec = AppSpec { awake_hours, ..self.app().await?.spec };
        self.apps.apply(&self.namespace, spec).await?;
        Ok(())
    }

    /// The app as its cluster has it.
    pub async fn app(&self) -> Result<App> {
        self.apps.get(&self.namespace, &self.project).await?.context("there is no app")
    }

    /// Waits until the app is in that phase.
    pub async fn comes_to(&self, phase: Phase) -> Result<AppStatus> {
        until::some(&format!("the app to be {phase}"), || async {
            let standing = self.app().await?.standing();
            Ok(Some(standing).filter(|standing| standing.phase == phase))
        })
        .await
    }

    /// Waits until the gateway leads to the app, and the waker is out of the way.
    pub async fn is_routed(&self) -> Result<()> {
        let names = (self.app().await?.spec.tenant, self.app().await?.spec.project);
        let route = ProjectRoute::new(self.cluster.clone(), self.namespace.clone(), names);
        until::some("the app's route", || async { Ok((route.status().await? == RouteStatus::Accepted).then_some(())) })
            .await
    }

    /// How many pods its workload is to have.
    pub async fn replicas(&self) -> Result<i32> {
        let deployment =
            Api::<Deployment>::namespaced(self.cluster.clone(), &self.namespace).get(&self.project).await?;
        Ok(deployment.spec.and_then(|spec| spec.replicas).unwrap_or(1))
    }
}

/// Answers how long something took as well.
pub async fn timed<T>(what: impl Future<Output = Result<T>>) -> Result<(T, Duration)> {
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

fn spec(user: &User, project: &str, host: &str) -> Result<AppSpec> {
    let spec = json!({
        "tenant": user.id, "project": project, "release": ReleaseNumber::new(1), "host": host,
        "routes": [{"path": "/", "service": project, "port": 80}],
        "workloads": [{"kind": "Deployment", "name": project, "replicas": 1, "wave": 0}],
        "idleAfterSeconds": 300,
    });
    Ok(serde_json::from_value(spec)?)
}
