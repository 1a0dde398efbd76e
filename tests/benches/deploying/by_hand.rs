//! The same by hand: `buildctl build` on the platform's own builder, and `kubectl apply`.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::apps::v1::Deployment;
use kube::Api;
use roost_domain::image::Repository;
use roost_domain::naming::{ComponentName, ProjectName};
use roost_registry::grant::Grant;
use roost_tests::builder;
use roost_tests::registry::Registry;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use crate::platform::Deployer;

/// A copy of a project's page, in the same namespace and the same repository.
pub(crate) struct ByHand {
    folder: TempDir,
    namespace: String,
    image: String,
    deployment: Value,
}

impl ByHand {
    /// Of a project that is live.
    pub(crate) async fn of(deployer: &Deployer, project: &str) -> Result<Self> {
        let repository =
            Repository::of(&deployer.user.id, &ProjectName::parse(project)?, &ComponentName::parse("web")?);
        let registry = Registry::connect(&deployer.platform).await?;
        let folder = tempfile::tempdir()?;
        copy("web/Dockerfile", &folder)?;
        builder::certificates(&folder.path().join("certificates"))?;
        let name = registry.settings.name.as_str();
        let token = registry.token(&[Grant::push(repository.clone())])?;
        builder::docker_config(&folder.path().join("docker"), name, &token)?;
        let namespace = deployer.user.namespace();
        let deployments: Api<Deployment> = Api::namespaced(deployer.platform.cluster.clone(), &namespace);
        let deployment = copied(deployments.get("web").await?)?;
        Ok(Self { image: format!("{name}/{repository}"), folder, namespace, deployment })
    }

    /// Writes a page, builds it, applies it, and waits until it runs; in milliseconds.
    pub(crate) async fn deploy(&self, page: &str) -> Result<f64> {
        let path = |name: &str| self.folder.path().join(name);
        std::fs::create_dir_all(path("web/public"))?;
        std::fs::write(path("web/public/index.html"), page)?;
        let started = Instant::now();
        let digest = self.build(path("web")).await?;
        let mut deployment = self.deployment.clone();
        deployment["spec"]["template"]["spec"]["containers"][0]["image"] = format!("{}@{digest}", self.image).into();
        std::fs::write(path("web.json"), deployment.to_string())?;
        self.kubectl(&["apply", "--filename", &path("web.json").to_string_lossy()]).await?;
        self.kubectl(&["rollout", "status", "deployment/by-hand", "--timeout=60s"]).await?;
        Ok(started.elapsed().as_secs_f64() * 1e3)
    }

    async fn build(&self, context: PathBuf) -> Result<String> {
        let (metadata, docker) = (self.folder.path().join("metadata.json"), self.folder.path().join("docker"));
        let certificate = |name: &str| self.folder.path().join("certificates").join(name);
        let mut command = Command::new("buildctl");
        command.env("DOCKER_CONFIG", docker).args(["--addr", &builder::address()?]);
        command.arg("--tlscacert").arg(certificate("ca.crt")).arg("--tlscert").arg(certificate("tls.crt"));
        command.arg("--tlskey").arg(certificate("tls.key"));
        command.args(["build", "--frontend=dockerfile.v0", "--opt=attest:provenance=", "--metadata-file"]);
        command.arg(&metadata);
        for local in ["context", "dockerfile"] {
            command.arg("--local").arg(format!("{local}={}", context.display()));
        }
        command.arg("--output").arg(format!("type=image,name={}:by-hand,push=true", self.image));
        run(command).await?;
        let metadata: Value = serde_json::from_slice(&std::fs::read(metadata)?)?;
        metadata["containerimage.digest"].as_str().map(str::to_owned).context("the build has no digest")
    }

    async fn kubectl(&self, arguments: &[&str]) -> Result<()> {
        let mut command = Command::new("kubectl");
        command.args(["--namespace", &self.namespace]).args(arguments);
        run(command).await
    }
}

/// What the platform applied, under a name of its own.
fn copied(deployment: Deployment) -> Result<Value> {
    let mut spec = serde_json::to_value(deployment.spec)?;
    for labels in ["/selector/matchLabels", "/template/metadata/labels"] {
        let labels = spec.pointer_mut(labels).context("a Deployment has labels")?;
        labels["app"] = "by-hand".into();
    }
    Ok(json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "by-hand"}, "spec": spec}))
}

fn copy(file: &str, folder: &TempDir) -> Result<()> {
    let fixture = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/hello").join(file);
    let place = folder.path().join(file);
    std::fs::create_dir_all(place.parent().context("a file is in a folder")?)?;
    std::fs::copy(fixture, place)?;
    Ok(())
}

async fn run(mut command: Command) -> Result<()> {
    let ended = command.output().await?;
    ensure!(ended.status.success(), "{command:?}: {}", String::from_utf8_lossy(&ended.stderr));
    Ok(())
}
