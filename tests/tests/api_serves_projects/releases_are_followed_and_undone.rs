//! Releases: listed, gone back from, stopped, and explained where they fail.

use anyhow::{Context, Result, ensure};
use kube::config::Kubeconfig;
use roost_tests::application::{Application, faulty};
use roost_tests::owner::Owner as ClusterOwner;
use roost_tests::until;
use serde_json::json;

use crate::owner::Owner;

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_gone_back_from() -> Result<()> {
    let owner = Owner::new("undo").await?;
    owner.begin("hello").await?;
    let hello = Application::fixture("hello")?;
    let changed = hello.clone().with_text("web/public/index.html", "first version", "second version")?;
    owner.release("hello", &hello.archive()?).await?;
    owner.release("hello", &changed.archive()?).await?;
    let back = owner.ask("hello", "rollback", &json!({"to": "r1"})).await?;
    ensure!(back["state"] == "succeeded", "{back}");
    let releases = owner.api.read(&owner.path("projects/hello/releases")).await?;
    let newest = &releases["items"][0];
    ensure!(newest["id"] == "r3" && newest["state"] == "live" && newest["rolls_back_to"] == "r1", "{releases}");
    let missing = owner.api.post(&owner.path("projects/hello/rollback"), &json!({"to": "r9"})).await?;
    ensure!(missing.is_problem(422), "{missing:?}");
    let ended = owner.api.post(&owner.path("projects/hello/releases/r3/cancel"), &json!({})).await?;
    ensure!(ended.is_problem(409), "{ended:?}");
    let events = owner.api.read(&owner.path("projects/hello/events?limit=100")).await?;
    let asked =
        |kind: &str| events["items"].as_array().is_some_and(|all| all.iter().any(|event| event["kind"] == kind));
    ensure!(asked("project.rollback-requested") && asked("upload.begun"), "{events}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_is_stopped() -> Result<()> {
    let owner = Owner::new("stopped").await?;
    owner.begin("endless").await?;
    owner.upload("endless", &faulty::build_never_ends()?.archive()?).await?;
    let place = owner.path("projects/endless/releases/r1");
    until::some_within(until::PATIENCE * 2, "the build", || async {
        let release = owner.api.get(&place).await?;
        Ok((release.body["state"] == "building").then_some(()))
    })
    .await?;
    let stopped = owner.ask("endless", "releases/r1/cancel", &json!({})).await?;
    ensure!(stopped["state"] == "succeeded", "{stopped}");
    ensure!(owner.api.read(&place).await?["state"] == "cancelled");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_come_up_says_why_and_what_to_do() -> Result<()> {
    let owner = Owner::new("failing").await?;
    owner.begin("app").await?;
    let release = owner.release("app", &faulty::build_fails()?.archive()?).await?;
    let failure = &release["failure"];
    ensure!(release["state"] == "failed" && failure["reason"] == "step-failed", "{release}");
    ensure!(failure["remedy"].as_str().context("no remedy")?.ends_with('.'), "{release}");
    ensure!(failure["last_lines"].to_string().contains("the compiler gives up"), "{release}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_gets_in_a_live_apps_way_is_told() -> Result<()> {
    let owner = Owner::new("broken").await?;
    owner.begin("hello").await?;
    let release = owner.release("hello", &Application::fixture("hello")?.archive()?).await?;
    ensure!(release["state"] == "live", "{release}");
    ensure!(owner.status("hello").await?["failure"].is_null());
    let kubeconfig = owner.api.get(&owner.path("kubeconfig")).await?;
    let inside = ClusterOwner::with(Kubeconfig::from_yaml(&kubeconfig.body.to_string())?).await?;
    let container = json!({
        "name": "api", "image": "no-such-image:1.0",
        "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
        "resources": {"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"cpu": "100m", "memory": "64Mi"}},
    });
    let change = json!({"spec": {"template": {"spec": {"containers": [container]}}}});
    let changed = inside.ask_at_home("PATCH", "apis/apps/v1", "deployments/api", Some(&change)).await?;
    ensure!(changed.code == 200, "{changed:?}");
    let status = until::some_within(until::PATIENCE * 2, "the failure", || async {
        let status = owner.status("hello").await?;
        let is_told = status["failure"]["reason"] == "image-pull" && status["warnings"].is_array();
        Ok(is_told.then_some(status))
    })
    .await?;
    ensure!(status["failure"]["remedy"].as_str().context("no remedy")?.contains("image"), "{status}");
    let is_told = |warning: &serde_json::Value| warning["reason"] == "Failed";
    ensure!(status["warnings"].as_array().is_some_and(|all| all.iter().any(is_told)), "{status}");
    Ok(())
}
