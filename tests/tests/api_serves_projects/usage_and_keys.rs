//! What an owner may use, and the key to the namespace.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use kube::config::Kubeconfig;
use roost_tests::application::Application;
use roost_tests::owner::Owner as ClusterOwner;
use roost_tests::until;
use serde_json::{Value, json};

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

/// Of each resource that a change touches, how much is used, and would be.
async fn amounts(owner: &Owner, change: &str) -> Result<BTreeMap<String, (Value, Value)>> {
    let usage = owner.api.read(&owner.path(&format!("usage?{change}"))).await?;
    let resources = usage["resources"].as_array().context("no resources")?.iter();
    let touched = resources.filter(|resource| resource["after"].is_string());
    let named = touched.map(|touched| Some((touched["name"].as_str()?.to_owned(), touched)));
    let amounts = named.map(|named| named.map(|(name, it)| (name, (it["used"].clone(), it["after"].clone()))));
    amounts.collect::<Option<_>>().context("a resource without a name")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_knows_what_a_change_takes_of_the_plan_before_it_is_made() -> Result<()> {
    let owner = Owner::new("planner").await?;
    let agent = amounts(&owner, "agent=diary").await?;
    ensure!(agent["pods"] == (json!("0"), json!("1")), "{agent:?}");
    ensure!(agent["requests.storage"].1 != "0" && agent["requests.memory"].1 != "0", "{agent:?}");

    owner.begin("hello").await?;
    owner.release("hello", &Application::fixture("hello")?.archive()?).await?;
    owner.ask("hello", "deactivate", &json!({})).await?;
    let before = until::some("the quota to know that nothing runs", || async {
        let amounts = amounts(&owner, "waking=hello").await?;
        Ok(amounts.values().all(|(used, _)| used == "0").then_some(amounts))
    })
    .await?;
    ensure!(before["requests.cpu"].1 != "0" && before["pods"].1 != "0", "{before:?}");
    owner.ask("hello", "activate", &json!({})).await?;
    until::some("as much to be used as was said", || async {
        let now = amounts(&owner, "waking=hello").await?;
        let is_as_said = |(name, (_, after)): (&String, &(Value, Value))| now[name] == (after.clone(), after.clone());
        Ok(before.iter().all(is_as_said).then_some(()))
    })
    .await?;

    for (change, status) in [("waking=gone", 404), ("agent=nobody", 422), ("waking=hello&agent=diary", 422)] {
        let refused = owner.api.get(&owner.path(&format!("usage?{change}"))).await?;
        ensure!(refused.is_problem(status), "{change}: {refused:?}");
    }
    Ok(())
}
