//! Releases that are built and do not come up: what ran before runs again, and the reason is told.

use anyhow::{Context, Result, bail, ensure};
use roost_domain::release::observation::RollOutFailureReason as Reason;
use roost_domain::release::{ReleaseFailure, ReleaseFailureReason, ReleaseState};
use roost_tests::application::{Application, faulty};
use roost_tests::pipeline::Pipeline;
use roost_tests::visitor::Visitor;
use roost_tests::world::World;

/// Brings an app to life, then uploads a faulty one; answers with why that failed, once the first runs again.
async fn put_back(name: &str, application: &Application) -> Result<ReleaseFailure> {
    let world = World::new().await?.with_setting("ROOST_ROLL_OUT_LIMIT_SECONDS", "45");
    let pipeline = Pipeline::with(world, name).await?;
    let first = pipeline.release_of("app", 1, Application::fixture("hello")?.archive()?).await?;
    ensure!(first.state == ReleaseState::Live, "{first:?}");
    let second = pipeline.release_of("app", 2, application.archive()?).await?;
    let ReleaseState::Failed { failure, restored } = second.state else { bail!("{second:?}") };
    ensure!(restored == Some(first.number), "{restored:?} {failure:?}");
    let project = pipeline.project("app").await?.context("no project")?;
    ensure!(project.live == Some(first.number), "{project:?}");
    Visitor::of(&project)?.sees("/api/hello", "\"greeting\": \"Hello\"").await?;
    Ok(failure)
}

fn is(failure: &ReleaseFailure, reason: Reason) -> Result<()> {
    ensure!(failure.reason == ReleaseFailureReason::RollOut(reason), "{failure:?}");
    ensure!(!failure.remedy.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_crashes_is_quoted() -> Result<()> {
    let failure = put_back("crash", &faulty::crashes_at_start()?).await?;
    is(&failure, Reason::CrashLoop)?;
    ensure!(failure.last_lines.iter().any(|line| line.contains("the database is gone")), "{failure:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_does_not_exist_is_named() -> Result<()> {
    let failure = put_back("pull", &faulty::image_is_missing()?).await?;
    is(&failure, Reason::ImagePull)?;
    ensure!(failure.message.contains("no-such-image"), "{failure:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_that_fails_is_told_at_the_limit() -> Result<()> {
    is(&put_back("probe", &faulty::probe_fails()?).await?, Reason::ProbeFailing)
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_the_quota_is_told() -> Result<()> {
    is(&put_back("greedy", &faulty::exceeds_the_quota()?).await?, Reason::QuotaExceeded)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_that_finds_no_place_is_told() -> Result<()> {
    is(&put_back("homeless", &faulty::cannot_be_scheduled()?).await?, Reason::Unschedulable)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_first_release_that_fails_nothing_keeps_running() -> Result<()> {
    let pipeline = Pipeline::new("first").await?;
    let release = pipeline.release_of("app", 1, faulty::crashes_at_start()?.archive()?).await?;
    let ReleaseState::Failed { restored: None, .. } = release.state else { bail!("{release:?}") };
    let pods: kube::Api<k8s_openapi::api::apps::v1::Deployment> =
        kube::Api::namespaced(pipeline.world.platform.cluster.clone(), &pipeline.user.namespace());
    ensure!(pods.list(&kube::api::ListParams::default()).await?.items.is_empty());
    Ok(())
}
