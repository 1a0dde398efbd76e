//! What an owner may use, and the key to the namespace.

use anyhow::{Context, Result, ensure};
use kube::config::Kubeconfig;
use roost_tests::owner::Owner as ClusterOwner;

use crate::owner::Owner;

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_sees_the_quota_and_gets_into_the_namespace() -> Result<()> {
    let owner = Owner::new("quota").await?;
    let usage = owner.api.read(&owner.path("usage")).await?;
    let resources = usage["resources"].as_array().context("no resources")?;
    let cpu = resources.iter().find(|resource| resource["name"] == "limits.cpu").context("no CPU")?;
    ensure!(cpu["used"] == "0" && cpu["limit"].as_str().is_some_and(|limit| !limit.is_empty()), "{usage}");
    let kubeconfig = owner.api.get(&owner.path("kubeconfig")).await?;
    ensure!(kubeconfig.header("cache-control") == Some("no-store"), "{:?}", kubeconfig.headers);
    let kubeconfig = Kubeconfig::from_yaml(&kubeconfig.body.to_string())?;
    let inside = ClusterOwner::with(kubeconfig).await?;
    inside.read(&inside.path("api/v1", "pods")).await?;
    let user = owner.api.read(&owner.base).await?;
    ensure!(user["state"] == "ready" && user["namespace"] == inside.namespace.as_str(), "{user}");
    Ok(())
}
