//! Whoever has the waker's identity wakes apps and puts them to sleep, and does nothing else to anybody.

use anyhow::Result;
use roost_tests::attempt::{Attempt, Barrier, all_are_refused};
use roost_tests::owner::Owner;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::sleeping_app::SleepingApp;
use serde_json::{Value, json};

const WAKER: &str = "system:serviceaccount:roost-system:wake";
const PLACE: Barrier = Barrier::Policy("roost-provisioner-place", "acts only in namespaces named user-*");
const WORKLOADS: Barrier = Barrier::Policy("roost-provisioner-workloads", "leaves their pods as they are");

#[tokio::test(flavor = "multi_thread")]
async fn it_scales_apps_and_changes_nothing_else_of_them() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let app = SleepingApp::new(&platform, "confined").await?;
    let waker = Owner::acting_as(WAKER, &app.namespace).await?;
    let deployment = waker.path("apis/apps/v1", "deployments/shop");
    let image = json!({"spec": {"template": {"spec": {"containers": [{"name": "app", "image": "evil"}]}}}});
    let scaled =
        waker.ask("PATCH", &format!("{deployment}?dryRun=All"), Some(&json!({"spec": {"replicas": 3}}))).await?;
    assert_eq!(scaled.code, 200, "{}", scaled.message);
    let stopped =
        |barrier, path: &str, change: Value| Attempt::stopped_by(barrier, "PATCH", path).with(change).rehearsed();
    let gateway = "/apis/apps/v1/namespaces/roost-system/deployments/gateway";
    let attempts = [stopped(WORKLOADS, &deployment, image), stopped(PLACE, gateway, json!({"spec": {"replicas": 0}}))];
    all_are_refused(&waker, &attempts).await?;
    let secrets = waker.path("api/v1", "secrets");
    let answer = waker.ask("GET", &secrets, None).await?;
    assert_eq!(answer.code, 403, "{}", answer.message);
    Ok(())
}
