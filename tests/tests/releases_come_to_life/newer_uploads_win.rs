//! Uploads that overtake each other, in whatever order their events come.

use anyhow::{Context, Result, ensure};
use roost_domain::release::ReleaseState;
use roost_tests::application::{Application, faulty};
use roost_tests::pipeline::{Delivery, Pipeline, uploaded};
use roost_tests::visitor::Visitor;

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_during_a_build_takes_its_place() -> Result<()> {
    let pipeline = Pipeline::new("impatient").await?;
    pipeline.upload("app", faulty::build_never_ends()?.archive()?).await?;
    pipeline.run_until("app", 1, |release| matches!(release.state, ReleaseState::Building { .. })).await?;
    let second = pipeline.release_of("app", 2, Application::fixture("hello")?.archive()?).await?;
    ensure!(second.state == ReleaseState::Live, "{second:?}");
    let first = pipeline.release("app", 1).await?.context("there is no release")?;
    ensure!(first.state == ReleaseState::Superseded { by: second.number }, "{first:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_upload_whose_event_comes_late_changes_nothing() -> Result<()> {
    let pipeline = Pipeline::new("late").await?;
    pipeline.deliver(|event| match event["source"].as_str() {
        Some("aws.s3")
            if event["detail"]["object"]["key"].as_str().is_some_and(|key| key.starts_with("artifacts/")) =>
        {
            Delivery::Never
        }
        _ => Delivery::Once,
    });
    let hello = Application::fixture("hello")?;
    let old = hello.clone().with_text("web/public/index.html", "first version", "old version")?.archive()?;
    let new = hello.archive()?;
    let old_version = pipeline.upload("app", old.clone()).await?;
    let new_version = pipeline.upload("app", new.clone()).await?;
    let key = format!("artifacts/{}/app.tar.gz", pipeline.user.id);
    pipeline.give(uploaded(&key, &new_version, "0B", new.len())).await?;
    pipeline.give(uploaded(&key, &old_version, "0A", old.len())).await?;
    pipeline.give(uploaded(&key, &new_version, "0B", new.len())).await?;
    let (newer, older) = (pipeline.settle("app", 1).await?, pipeline.settle("app", 2).await?);
    ensure!(newer.state == ReleaseState::Live, "{newer:?}");
    ensure!(older.state == ReleaseState::Superseded { by: newer.number }, "{older:?}");
    ensure!(pipeline.release("app", 3).await?.is_none(), "an event that came twice became two releases");
    Visitor::of(&pipeline.project("app").await?.context("no project")?)?.sees("/", "first version").await?;
    Ok(())
}
