//! The platform's BuildKit daemon, and the right to push to the platform's registry.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use data_encoding::BASE64;
use roost_build::settings::Settings;
use roost_domain::build::{BuildOrder, OrderedComponent};
use roost_domain::image::{RegistryName, Repository};
use roost_registry::grant::Grant;
use roost_tests::registry::Registry;
use roost_tests::running_platform::RunningPlatform;
use serde_json::json;

pub(super) fn registry() -> Result<RegistryName> {
    Ok(RegistryName::parse("registry.roost-system.svc:5000")?)
}

/// The daemon listens on the node's address too; its certificates are where build Jobs get them.
pub(super) async fn settings(workspace: &Path, order: &BuildOrder) -> Result<Settings> {
    let certificates = workspace.join("certificates");
    fs::create_dir_all(&certificates)?;
    for file in ["ca.crt", "tls.crt", "tls.key"] {
        fs::write(certificates.join(file), client_certificate(file)?)?;
    }
    Ok(Settings {
        order: workspace.join("order.json"),
        workspace: workspace.to_owned(),
        builder_address: format!("tcp://{}:1234", node_address()?).into(),
        builder_certificates: Some(certificates),
        buildctl: buildctl_that_may_push(workspace, order).await?,
    })
}

/// A Job has the variable in its own environment; here the builds of other tests run in the same process.
async fn buildctl_that_may_push(workspace: &Path, order: &BuildOrder) -> Result<PathBuf> {
    let registry = Registry::connect(&RunningPlatform::connect().await?).await?;
    let repository = |component: &OrderedComponent| Repository::of(&order.tenant, &order.project, &component.name);
    let grants: Vec<_> = order.components.iter().map(|component| Grant::push(repository(component))).collect();
    let entry = json!({"registrytoken": registry.token(&grants)?});
    let folder = workspace.join("docker");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("config.json"), json!({"auths": {order.registry.as_str(): entry}}).to_string())?;
    let program = workspace.join("buildctl");
    fs::write(&program, format!("#!/bin/sh\nDOCKER_CONFIG={} exec buildctl \"$@\"\n", folder.display()))?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
    Ok(program)
}

fn node_address() -> Result<String> {
    let name = "ROOST_NODE_ADDRESS";
    env::var(name).with_context(|| format!("{name} is not set; run the tests by `make test`, or after `make env`"))
}

fn client_certificate(file: &str) -> Result<Vec<u8>> {
    let path = format!("jsonpath={{.data.{}}}", file.replace('.', "\\."));
    let secret = ["get", "secret", "buildkitd-client-tls", "--namespace=roost-builds", "--output", &path];
    let answer = Command::new("kubectl").args(secret).output()?;
    ensure!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    Ok(BASE64.decode(&answer.stdout)?)
}
