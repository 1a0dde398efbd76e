//! The platform's BuildKit daemon, and the right to push to the platform's registry.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::Result;
use roost_build::settings::Settings;
use roost_domain::build::{BuildOrder, OrderedComponent};
use roost_domain::image::{RegistryName, Repository};
use roost_registry::grant::Grant;
use roost_tests::builder;
use roost_tests::registry::Registry;
use roost_tests::running_platform::RunningPlatform;

pub(super) fn registry() -> Result<RegistryName> {
    Ok(RegistryName::parse("registry.roost-system.svc:5000")?)
}

pub(super) async fn settings(workspace: &Path, order: &BuildOrder) -> Result<Settings> {
    let certificates = workspace.join("certificates");
    builder::certificates(&certificates)?;
    Ok(Settings {
        order: workspace.join("order.json"),
        workspace: workspace.to_owned(),
        builder_address: builder::address()?.into(),
        builder_certificates: Some(certificates),
        buildctl: buildctl_that_may_push(workspace, order).await?,
    })
}

/// A Job has the variable in its own environment; here the builds of other tests run in the same process.
async fn buildctl_that_may_push(workspace: &Path, order: &BuildOrder) -> Result<PathBuf> {
    let registry = Registry::connect(&RunningPlatform::connect().await?).await?;
    let repository = |component: &OrderedComponent| Repository::of(&order.tenant, &order.project, &component.name);
    let grants: Vec<_> = order.components.iter().map(|component| Grant::push(repository(component))).collect();
    let folder = workspace.join("docker");
    builder::docker_config(&folder, order.registry.as_str(), &registry.token(&grants)?)?;
    let program = workspace.join("buildctl");
    fs::write(&program, format!("#!/bin/sh\nDOCKER_CONFIG={} exec buildctl \"$@\"\n", folder.display()))?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
    Ok(program)
}
