//! Pods in tenants' namespaces, with the credential that the platform puts there.

use anyhow::{Context, Result};
use k8s_openapi::api::core::v1::{Pod, Secret};
use kube::Api;
use kube::api::PostParams;
use roost_domain::naming::TenantId;
use roost_registry::docker_config::for_pulling;
use roost_tests::manifests::{container, object, pod, pod_spec};
use roost_tests::registry::{Pushed, Registry, repository};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::sign_up;
use roost_tests::until;
use roost_tests::user::User;
use secrecy::ExposeSecret;
use serde_json::json;

/// A tenant whose namespace has the credential.
struct Puller {
    tenant: TenantId,
    namespace: String,
}

async fn puller(platform: &RunningPlatform, registry: &Registry, prefix: &str) -> Result<Puller> {
    let user = User::new(prefix);
    sign_up(platform, &user, "free").await?;
    let credential = registry.settings.pull_key.credential(&user.id)?;
    let config = for_pulling(&registry.settings.name, &credential);
    let secret = json!({
        "type": "kubernetes.io/dockerconfigjson",
        "stringData": {".dockerconfigjson": config.expose_secret()},
    });
    let secret: Secret = serde_json::from_value(object("v1", "Secret", "roost-registry", &secret))?;
    let namespace = user.namespace();
    Api::namespaced(platform.cluster.clone(), &namespace).create(&PostParams::default(), &secret).await?;
    Ok(Puller { tenant: user.id, namespace })
}

impl Puller {
    /// Starts a pod, and tells how its image fares: `Running`, or why it waits.
    async fn run(&self, platform: &RunningPlatform, registry: &Registry, name: &str, image: &Pushed) -> Result<String> {
        let reference = registry.settings.name.pinned(&image.repository, &image.digest);
        let container = container(&json!({"image": reference, "imagePullPolicy": "IfNotPresent"}));
        let spec = json!({"containers": [container], "imagePullSecrets": [{"name": "roost-registry"}]});
        let pods: Api<Pod> = Api::namespaced(platform.cluster.clone(), &self.namespace);
        pods.create(&PostParams::default(), &serde_json::from_value(pod(name, &pod_spec(&spec)))?).await?;
        until::some("the pod's image", || async { Ok(state_of(&pods.get(name).await?)) }).await
    }
}

fn state_of(pod: &Pod) -> Option<String> {
    let state = pod.status.as_ref()?.container_statuses.as_ref()?.first()?.state.as_ref()?;
    if state.running.is_some() {
        return Some("Running".to_owned());
    }
    let waiting = state.waiting.as_ref()?;
    let reason = waiting.reason.clone()?;
    let failed = reason.starts_with("ErrImage") || reason == "ImagePullBackOff" || reason == "CreateContainerError";
    failed.then(|| format!("{reason}: {}", waiting.message.as_deref().unwrap_or_default()))
}

#[tokio::test]
async fn a_tenants_pod_runs_the_tenants_image_and_no_others() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let registry = Registry::connect(&platform).await?;
    let owner = puller(&platform, &registry, "owner").await?;
    let curious = puller(&platform, &registry, "curious").await?;
    let never_run = registry.push(&repository(&owner.tenant, "secret")?, "r1").await?;
    let image = registry.push(&repository(&owner.tenant, "web")?, "r1").await?;
    assert_eq!(owner.run(&platform, &registry, "own", &image).await?, "Running");

    // The second one is on the node by now, which is no way around the registry.
    for (name, prize) in [("pulled", &never_run), ("found", &image)] {
        let state = curious.run(&platform, &registry, name, prize).await?;
        assert!(state.starts_with("ErrImage") || state.starts_with("ImagePull"), "{name}: {state}");
    }
    let own = registry.push(&repository(&curious.tenant, "web")?, "r1").await?;
    assert_eq!(curious.run(&platform, &registry, "own", &own).await?, "Running");
    Ok(())
}

#[tokio::test]
async fn without_a_credential_a_pod_gets_no_image() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let registry = Registry::connect(&platform).await?;
    let owner = puller(&platform, &registry, "owner").await?;
    let image = registry.push(&repository(&owner.tenant, "web")?, "r1").await?;
    let pods: Api<Pod> = Api::namespaced(platform.cluster.clone(), &owner.namespace);
    let reference = registry.settings.name.pinned(&image.repository, &image.digest);
    let spec = pod_spec(&json!({"containers": [container(&json!({"image": reference}))]}));
    pods.create(&PostParams::default(), &serde_json::from_value(pod("anonymous", &spec))?).await?;
    let state = until::some("the pod's image", || async { Ok(state_of(&pods.get("anonymous").await?)) }).await;
    let state = state.context("the pod says nothing about its image")?;
    assert!(state.starts_with("ErrImage") || state.starts_with("ImagePull"), "{state}");
    Ok(())
}
