//! The same pod, started by whoever knows its Deployment, and asked at its own address as soon as it has one.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Pod;
use kube::api::{ListParams, Patch, PatchParams, PostParams};
use kube::{Api, ResourceExt};
use roost_tests::running_platform::variable;
use roost_tests::sleeping_app::{PROJECT, SleepingApp};
use roost_tests::until;
use serde_json::json;
use tokio::time::sleep;

const NAME: &str = "by-hand";
const PODS: &str = "10.244.0.0/16";
const PERIOD: Duration = Duration::from_millis(5);
const CALL_LIMIT: Duration = Duration::from_millis(200);

/// A copy of an app's Deployment, of which the platform knows nothing.
pub(crate) struct ByHand {
    deployments: Api<Deployment>,
    pods: Api<Pod>,
    client: reqwest::Client,
}

impl ByHand {
    /// In the same namespace.
    pub(crate) async fn beside(app: &SleepingApp) -> Result<Self> {
        let deployments: Api<Deployment> = Api::namespaced(app.cluster.clone(), &app.namespace);
        let text = serde_json::to_string(&deployments.get(PROJECT).await?.spec)?;
        let spec: serde_json::Value = serde_json::from_str(&text.replace(PROJECT, NAME))?;
        let copy = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": NAME}, "spec": spec});
        deployments.create(&PostParams::default(), &serde_json::from_value(copy)?).await?;
        lead_to_pods()?;
        let client = reqwest::Client::builder().no_proxy().timeout(CALL_LIMIT).build()?;
        Ok(Self { deployments, pods: Api::namespaced(app.cluster.clone(), &app.namespace), client })
    }

    /// From the call that scales it to the first byte of its answer, in milliseconds.
    pub(crate) async fn start(&self) -> Result<f64> {
        let began = Instant::now();
        self.scale(1).await?;
        let address = self.address().await?;
        while self.client.get(format!("http://{address}:8080/")).send().await.is_err() {
            ensure!(began.elapsed() < until::PATIENCE, "the pod at {address} does not answer");
            sleep(PERIOD).await;
        }
        Ok(began.elapsed().as_secs_f64() * 1e3)
    }

    /// Ends it.
    pub(crate) async fn stop(&self) -> Result<()> {
        self.scale(0).await?;
        until::some("its pod to end", || async { Ok(self.list().await?.is_empty().then_some(())) }).await
    }

    async fn scale(&self, replicas: u32) -> Result<()> {
        let patch = Patch::Merge(json!({"spec": {"replicas": replicas}}));
        self.deployments.patch_scale(NAME, &PatchParams::default(), &patch).await?;
        Ok(())
    }

    async fn address(&self) -> Result<String> {
        let began = Instant::now();
        loop {
            let address = self.list().await?.pop().and_then(|pod| pod.status?.pod_ip);
            if let Some(address) = address {
                return Ok(address);
            }
            ensure!(began.elapsed() < until::PATIENCE, "the pod has no address");
            sleep(PERIOD).await;
        }
    }

    async fn list(&self) -> Result<Vec<Pod>> {
        let own = ListParams::default().labels(&format!("app={NAME}"));
        let pods = self.pods.list(&own).await?.items;
        Ok(pods.into_iter().filter(|pod| pod.name_any().starts_with(NAME)).collect())
    }
}

/// From this machine to the pods, which only the node knows.
fn lead_to_pods() -> Result<()> {
    let node = variable("ROOST_NODE_ADDRESS")?;
    let led = Command::new("ip").args(["route", "replace", PODS, "via", &node]).status().context("ip")?;
    ensure!(led.success(), "no route to the pods");
    Ok(())
}
