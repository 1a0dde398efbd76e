//! Builds that cannot succeed: each ends in one terminal state, with a reason, a remedy and its log.

use anyhow::{Context, Result, bail, ensure};
use roost_domain::build::BuildFailureReason;
use roost_domain::release::{Release, ReleaseFailure, ReleaseFailureReason, ReleaseState};
use roost_tests::application::{Application, faulty};
use roost_tests::pipeline::Pipeline;
use roost_tests::world::World;

fn failure(release: &Release) -> Result<&ReleaseFailure> {
    match &release.state {
        ReleaseState::Failed { failure, .. } => Ok(failure),
        state => bail!("the release is {state:?}"),
    }
}

/// The reason, and the log that is kept.
async fn fails(pipeline: &Pipeline, application: &Application) -> Result<(ReleaseFailure, String)> {
    let release = pipeline.release_of("app", 1, application.archive()?).await?;
    let failure = failure(&release)?.clone();
    ensure!(!failure.remedy.is_empty(), "{failure:?}");
    let log = pipeline.object(&format!("logs/{}/app/r1/build.jsonl", pipeline.user.id)).await?;
    Ok((failure, String::from_utf8(log.context("there is no log")?)?))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_fails_is_named_with_its_last_words() -> Result<()> {
    let pipeline = Pipeline::new("fails").await?;
    let (failure, log) = fails(&pipeline, &faulty::build_fails()?).await?;
    ensure!(failure.reason == ReleaseFailureReason::Build(BuildFailureReason::StepFailed), "{failure:?}");
    ensure!(failure.place.as_deref() == Some("api"), "{failure:?}");
    ensure!(failure.last_lines.iter().any(|line| line.contains("the compiler gives up")), "{failure:?}");
    ensure!(log.contains("the compiler gives up"), "{log}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_that_never_ends_is_ended() -> Result<()> {
    let world = World::new().await?.with_setting("ROOST_BUILD_LIMIT_SECONDS", "20");
    let pipeline = Pipeline::with(world, "endless").await?;
    let (failure, log) = fails(&pipeline, &faulty::build_never_ends()?).await?;
    ensure!(failure.reason == ReleaseFailureReason::Build(BuildFailureReason::TimedOut), "{failure:?}");
    ensure!(log.contains("still at it"), "{log}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_that_eats_memory_ends_alone() -> Result<()> {
    let pipeline = Pipeline::new("hungry").await?;
    let (failure, _) = fails(&pipeline, &faulty::build_eats_memory()?).await?;
    ensure!(failure.reason == ReleaseFailureReason::Build(BuildFailureReason::OutOfMemory), "{failure:?}");
    // The builder that others share is still there.
    let hello = Application::fixture("hello")?.archive()?;
    let next = pipeline.release_of("app", 2, hello).await?;
    ensure!(next.state == ReleaseState::Live, "{next:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_base_image_that_does_not_exist_is_named() -> Result<()> {
    let pipeline = Pipeline::new("baseless").await?;
    let (failure, _) = fails(&pipeline, &faulty::base_image_is_missing()?).await?;
    ensure!(failure.reason == ReleaseFailureReason::Build(BuildFailureReason::BaseImageMissing), "{failure:?}");
    ensure!(failure.message.contains("python:0.1-none"), "{failure:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frontend_of_a_strangers_choice_is_not_run() -> Result<()> {
    let pipeline = Pipeline::new("syntax").await?;
    let hello = Application::fixture("hello")?;
    let hello =
        hello.with_text("web/Dockerfile", "FROM busybox", "# syntax=nonexistent.invalid/frontend\nFROM busybox")?;
    let release = pipeline.release_of("app", 1, hello.archive()?).await?;
    ensure!(release.state == ReleaseState::Live, "{release:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_can_have_a_builder_of_its_own() -> Result<()> {
    let world = World::new().await?.with_setting("ROOST_BUILDER", "isolated");
    let pipeline = Pipeline::with(world, "isolated").await?;
    let release = pipeline.release_of("app", 1, Application::fixture("hello")?.archive()?).await?;
    ensure!(release.state == ReleaseState::Live, "{release:?}");
    Ok(())
}
