//! What a build needs to know nobody else learns: no URL that carries a right, no token, no nonce.

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::{Event, Pod};
use kube::Api;
use kube::api::ListParams;
use roost_domain::release::ReleaseState;
use roost_tests::application::Application;
use roost_tests::pipeline::Pipeline;

/// What begins a signature in a URL, a token in a header, and a JWT.
const SECRETS: &[&str] = &["X-Amz-", "x-amz-signature", "registrytoken", "eyJhbGciOi", "eyJ0eXAiOi", "Bearer "];

fn check(place: &str, text: &str) -> Result<()> {
    for secret in SECRETS {
        ensure!(!text.contains(secret), "{secret} is in {place}: {}", &text[..text.len().min(2000)]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_objects_labels_and_events_hold_no_secret() -> Result<()> {
    let pipeline = Pipeline::new("quiet").await?;
    pipeline.upload("app", Application::fixture("hello")?.archive()?).await?;
    let building = |release: &roost_domain::release::Release| {
        matches!(release.state, ReleaseState::Building { .. } | ReleaseState::RollingOut { .. } | ReleaseState::Live)
    };
    pipeline.run_until("app", 1, building).await?;
    let cluster = &pipeline.world.platform.cluster;
    let of_user = ListParams::default().labels(&format!("roost.dev/tenant={}", pipeline.user.id));
    let jobs: Api<Job> = Api::namespaced(cluster.clone(), "roost-builds");
    let pods: Api<Pod> = Api::namespaced(cluster.clone(), "roost-builds");
    check("the Jobs", &serde_json::to_string(&jobs.list(&of_user).await?)?)?;
    check("the builds' pods", &serde_json::to_string(&pods.list(&of_user).await?)?)?;
    let release = pipeline.settle("app", 1).await?;
    ensure!(release.state == ReleaseState::Live, "{release:?}");
    for namespace in ["roost-builds", &pipeline.user.namespace()] {
        let events: Api<Event> = Api::namespaced(cluster.clone(), namespace);
        check("the events", &serde_json::to_string(&events.list(&ListParams::default()).await?)?)?;
    }
    for key in pipeline.keys().await?.iter().filter(|key| !key.starts_with("artifacts/")) {
        let object = pipeline.object(key).await?.context("an object is gone")?;
        check(key, &String::from_utf8_lossy(&object))?;
    }
    for function in pipeline.functions() {
        check("a function's log", &serde_json::to_string(&function.logged().await?)?)?;
    }
    check("the release's record", &serde_json::to_string(&release)?)?;
    let history = pipeline.world.table.history(&pipeline.user.id).await?;
    check("the tenant's history", &serde_json::to_string(&history)?)
}
