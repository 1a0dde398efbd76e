//! The platform's BuildKit daemon and the registry for base images, which takes pushes without a password.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use data_encoding::BASE64;
use roost_build::settings::Settings;
use roost_domain::image::RegistryName;

pub(super) fn registry() -> Result<RegistryName> {
    Ok(RegistryName::parse(&format!("{}:5001", node_address()?))?)
}

/// The daemon listens on the node's address too; its certificates are where build Jobs get them.
pub(super) fn settings(workspace: &Path) -> Result<Settings> {
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
        buildctl: "buildctl".into(),
    })
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
