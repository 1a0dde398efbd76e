//! A registry that starts deletes the layers of deleted images, and keeps all others. By itself, as the registry is away
//! for a moment.

use std::time::Duration;

use anyhow::Result;
use k8s_openapi::api::apps::v1::Deployment;
use kube::Api;
use reqwest::{Method, StatusCode};
use roost_registry::client::RegistryClient;
use roost_registry::grant::Grant;
use roost_tests::registry::{Pushed, Registry, repository};
use roost_tests::running_platform::RunningPlatform;
use roost_tests::until;
use roost_tests::user::User;

const LIMIT: Duration = Duration::from_mins(3);

async fn restart(platform: &RunningPlatform) -> Result<()> {
    let deployments: Api<Deployment> = Api::namespaced(platform.cluster.clone(), "roost-system");
    deployments.restart("registry").await?;
    let restarted = |deployment: &Deployment| {
        let status = deployment.status.clone().unwrap_or_default();
        let seen = status.observed_generation == deployment.metadata.generation;
        seen && status.updated_replicas == Some(1) && status.available_replicas == Some(1) && status.replicas == Some(1)
    };
    let look = || async { Ok(deployments.get("registry").await.ok().filter(restarted)) };
    until::some_within(LIMIT, "the registry", look).await.map(drop)
}

async fn layer(registry: &Registry, image: &Pushed) -> Result<Option<StatusCode>> {
    let token = registry.token(&[Grant::pull(&image.repository)])?;
    let path = format!("{}/blobs/{}", image.repository, image.layer);
    Ok(registry.ask(Method::HEAD, &path, Some(&token)).await.ok().map(|answer| answer.status()))
}

#[tokio::test]
async fn a_deleted_images_layers_go_and_all_others_stay() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let registry = Registry::connect(&platform).await?;
    let client = RegistryClient::new(&registry.settings)?;
    let own = repository(&User::new("owner").id, "web")?;
    let (gone, kept) = (registry.push(&own, "r1").await?, registry.push(&own, "r2").await?);
    client.delete(&own, &gone.digest).await?;
    assert_eq!(layer(&registry, &gone).await?, Some(StatusCode::OK), "only a collection deletes layers");

    restart(&platform).await?;
    let found = until::some("the registry's answer", || layer(&registry, &gone)).await?;
    assert_eq!(found, StatusCode::NOT_FOUND);
    assert_eq!(layer(&registry, &kept).await?, Some(StatusCode::OK));
    assert!(client.has_manifest(&own, &kept.digest).await?);

    // What was collected can be pushed again.
    let again = registry.push(&own, "r3").await?;
    assert_eq!(layer(&registry, &again).await?, Some(StatusCode::OK));
    Ok(())
}
