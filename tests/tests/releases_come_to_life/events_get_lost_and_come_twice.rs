//! Events and processes that fail: every release still comes to exactly one end.

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::{DeleteParams, ListParams};
use roost_domain::release::{Release, ReleaseState};
use roost_tests::application::{Application, faulty};
use roost_tests::pipeline::{Delivery, Pipeline};
use serde_json::Value;

fn is_result(event: &Value) -> bool {
    event["detail"]["object"]["key"].as_str().is_some_and(|key| key.starts_with("results/"))
}

fn builds_of(pipeline: &Pipeline) -> ListParams {
    ListParams::default().labels(&format!("roost.dev/tenant={}", pipeline.user.id))
}

fn jobs(pipeline: &Pipeline) -> Api<Job> {
    Api::namespaced(pipeline.world.platform.cluster.clone(), "roost-builds")
}

fn is_building(release: &Release) -> bool {
    matches!(release.state, ReleaseState::Building { .. })
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_all_come_twice_make_one_release() -> Result<()> {
    let pipeline = Pipeline::new("twice").await?;
    pipeline.deliver(|_| Delivery::Twice);
    let release = pipeline.release_of("app", 1, Application::fixture("hello")?.archive()?).await?;
    ensure!(release.state == ReleaseState::Live, "{release:?}");
    ensure!(pipeline.release("app", 2).await?.is_none());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_whose_event_is_lost_is_found() -> Result<()> {
    let pipeline = Pipeline::new("lost").await?;
    pipeline.deliver(|event| if is_result(event) { Delivery::Never } else { Delivery::Once });
    let release = pipeline.release_of("app", 1, Application::fixture("hello")?.archive()?).await?;
    ensure!(release.state == ReleaseState::Live, "{release:?}");
    ensure!(pipeline.lost().len() == 1, "{:?}", pipeline.lost());
    // It comes after all.
    pipeline.give(pipeline.lost().remove(0)).await?;
    ensure!(pipeline.release("app", 1).await? == Some(release));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_deleted_is_made_again() -> Result<()> {
    let pipeline = Pipeline::new("jobless").await?;
    pipeline.upload("app", Application::fixture("hello")?.archive()?).await?;
    pipeline.run_until("app", 1, is_building).await?;
    jobs(&pipeline).delete_collection(&DeleteParams::background(), &builds_of(&pipeline)).await?;
    let release = pipeline.settle("app", 1).await?;
    ensure!(release.state == ReleaseState::Live, "{release:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_builder_that_is_killed_does_not_hold_the_release_up() -> Result<()> {
    let pipeline = Pipeline::new("builderless").await?;
    pipeline.upload("app", Application::fixture("hello")?.archive()?).await?;
    pipeline.run_until("app", 1, is_building).await?;
    let builders: Api<Pod> = Api::namespaced(pipeline.world.platform.cluster.clone(), "roost-builds");
    let builder = ListParams::default().labels("app.kubernetes.io/component=builder");
    builders.delete_collection(&DeleteParams::default().grace_period(0), &builder).await?;
    let release = pipeline.settle("app", 1).await?;
    ensure!(release.state == ReleaseState::Live, "{release:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_can_be_taken_back_while_it_is_built() -> Result<()> {
    let pipeline = Pipeline::new("sorry").await?;
    pipeline.upload("app", faulty::build_never_ends()?.archive()?).await?;
    pipeline.run_until("app", 1, is_building).await?;
    let request = serde_json::json!({"user_id": pipeline.user.id, "project": "app", "release": "r1"});
    pipeline.request("release.cancel-requested", &request).await?;
    let release = pipeline.release("app", 1).await?.context("there is no release")?;
    ensure!(release.state == ReleaseState::Cancelled, "{release:?}");
    let left = jobs(&pipeline).list(&builds_of(&pipeline)).await?.items;
    ensure!(left.iter().all(|job| job.metadata.deletion_timestamp.is_some()), "{left:?}");
    Ok(())
}
