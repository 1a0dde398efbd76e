//! Going back to a release that ran before.

use anyhow::{Context, Result, ensure};
use roost_domain::release::ReleaseState;
use roost_tests::application::Application;
use roost_tests::pipeline::Pipeline;
use roost_tests::visitor::Visitor;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn images_objects_and_routes_go_back_together_without_a_build() -> Result<()> {
    let pipeline = Pipeline::new("back").await?;
    let hello = Application::fixture("hello")?;
    let changed = hello.clone().with_text("web/public/index.html", "first version", "second version")?;
    let changed = changed.with_text("platform-config.yaml", "api: /api/*", "api: /data/*")?;
    pipeline.release_of("app", 1, hello.archive()?).await?;
    pipeline.release_of("app", 2, changed.archive()?).await?;
    let visitor = Visitor::of(&pipeline.project("app").await?.context("no project")?)?;
    visitor.sees("/", "second version").await?;
    visitor.sees("/data/hello", "Hello").await?;

    let request = json!({"user_id": pipeline.user.id, "project": "app", "to": "r1"});
    pipeline.request("project.rollback-requested", &request).await?;
    let back = pipeline.settle("app", 3).await?;
    ensure!(back.state == ReleaseState::Live, "{back:?}");
    visitor.sees("/", "first version").await?;
    visitor.sees("/api/hello", "Hello").await?;
    ensure!(!pipeline.keys().await?.iter().any(|key| key.starts_with("results/") && key.ends_with("r3.json")));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_never_ran_is_nothing_to_go_back_to() -> Result<()> {
    let pipeline = Pipeline::new("nowhere").await?;
    pipeline.release_of("app", 1, Application::fixture("hello")?.archive()?).await?;
    let request = json!({"user_id": pipeline.user.id, "project": "app", "to": "r7"});
    pipeline.request("project.rollback-requested", &request).await?;
    ensure!(pipeline.release("app", 2).await?.is_none());
    let (_, reason) = pipeline.world.set_aside().await?.context("nothing was set aside")?;
    ensure!(reason.contains("has no release app r7"), "{reason}");
    Ok(())
}
