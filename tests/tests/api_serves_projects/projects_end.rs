//! A project that is deleted leaves nothing behind, and its name is free again.

use anyhow::{Context, Result, ensure};
use reqwest::StatusCode;
use roost_tests::application::Application;
use roost_tests::owner::Owner as ClusterOwner;
use roost_tests::running_platform::{RunningPlatform, variable};
use serde_json::json;

use crate::owner::Owner;

/// Everything of a project in its owner's namespace.
const KINDS: [(&str, &str); 6] = [
    ("apis/apps/v1", "deployments"),
    ("apis/apps/v1", "statefulsets"),
    ("api/v1", "services"),
    ("api/v1", "configmaps"),
    ("api/v1", "persistentvolumeclaims"),
    ("apis/apps.roost.dev/v1alpha1", "apps"),
];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_a_project_that_is_deleted() -> Result<()> {
    let owner = Owner::new("leaver").await?;
    owner.begin("hello").await?;
    let archive = Application::fixture("hello")?.archive()?;
    let release = owner.release("hello", &archive).await?;
    ensure!(release["state"] == "live", "{release}");

    let begun = owner.api.delete(&owner.path("projects/hello")).await?;
    let again = owner.api.delete(&owner.path("projects/hello")).await?;
    ensure!(again.status == StatusCode::ACCEPTED, "{again:?}");
    let upload = json!({"size": 1, "sha256": "ab".repeat(32)});
    ensure!(owner.api.post(&owner.path("projects/hello/uploads"), &upload).await?.is_problem(409));
    let ended = owner.api.follow(&begun).await?;
    ensure!(ended["state"] == "succeeded", "{ended}");

    for path in ["projects/hello", "projects/hello/status", "projects/hello/releases", "projects/hello/releases/r1"] {
        ensure!(owner.api.get(&owner.path(path)).await?.is_problem(404), "{path}");
    }
    let user = owner.api.read(&owner.base).await?;
    let id = user["id"].as_str().context("no id")?;
    let inside = ClusterOwner::of(&id.to_owned().try_into()?).await?;
    for (group, kind) in KINDS {
        let left = inside.read(&inside.path(group, &format!("{kind}?labelSelector=roost.dev/project=hello"))).await?;
        let left: serde_json::Value = serde_json::from_str(&left)?;
        ensure!(left["items"] == json!([]), "{kind}: {left}");
    }
    let platform = RunningPlatform::connect().await?;
    let bucket = aws_sdk_s3::Client::new(&platform.aws).list_objects_v2().bucket(variable("ROOST_ARTIFACT_BUCKET")?);
    let archives = bucket.prefix(format!("artifacts/{id}/")).send().await?;
    ensure!(archives.contents().is_empty(), "{archives:?}");

    let anew = owner.begin("hello").await?;
    ensure!(anew["newest"].is_null() && anew["address"].is_null(), "{anew}");
    let release = owner.release("hello", &archive).await?;
    ensure!(release["id"] == "r1" && release["state"] == "live", "{release}");
    Ok(())
}
