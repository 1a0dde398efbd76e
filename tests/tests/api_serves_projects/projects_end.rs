//! A project that is deleted leaves nothing behind, and its name is free again.

use anyhow::{Context, Result, ensure};
use reqwest::StatusCode;
use roost_tests::application::Application;
use roost_tests::owner::Owner as ClusterOwner;
use roost_tests::running_platform::{RunningPlatform, variable};
use serde_json::json;

use crate::owner::Owner;

/// Something with a volume for each of its pods.
const STORE: &str = r"apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: store
spec:
  serviceName: store
  selector: { matchLabels: { app: store } }
  template:
    metadata: { labels: { app: store } }
    spec:
      containers:
        - name: store
          image: api
          ports: [{ containerPort: 8080 }]
          resources:
            requests: { cpu: 10m, memory: 32Mi }
            limits: { cpu: 100m, memory: 64Mi }
          volumeMounts: [{ name: data, mountPath: /data }]
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
---
apiVersion: v1
kind: Service
metadata:
  name: store
spec:
  clusterIP: None
  selector: { app: store }
  ports: [{ port: 8080 }]
";

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
    let archive = Application::fixture("hello")?.with_file("k8s/store.yaml", STORE).archive()?;
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
        // Claims of a set's pods have no label, and whatever Kubernetes itself keeps there has none either.
        let selector = if kind == "persistentvolumeclaims" { "" } else { "?labelSelector=roost.dev/project=hello" };
        let left = inside.read(&inside.path(group, &format!("{kind}{selector}"))).await?;
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
