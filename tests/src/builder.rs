//! The platform's BuildKit daemon, which listens on the node's address too.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use data_encoding::BASE64;
use serde_json::json;

use crate::running_platform::variable;

/// Where it listens.
pub fn address() -> Result<String> {
    Ok(format!("tcp://{}:1234", variable("ROOST_NODE_ADDRESS")?))
}

/// Writes what build Jobs prove themselves with into a folder: `ca.crt`, `tls.crt` and `tls.key`.
pub fn certificates(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for file in ["ca.crt", "tls.crt", "tls.key"] {
        fs::write(folder.join(file), client_certificate(file)?)?;
    }
    Ok(())
}

/// Writes a `config.json` into a folder by which Docker's clients have a registry's token.
pub fn docker_config(folder: &Path, registry: &str, token: &str) -> Result<()> {
    fs::create_dir_all(folder)?;
    let config = json!({"auths": {registry: {"registrytoken": token}}});
    Ok(fs::write(folder.join("config.json"), config.to_string())?)
}

fn client_certificate(file: &str) -> Result<Vec<u8>> {
    let path = format!("jsonpath={{.data.{}}}", file.replace('.', "\\."));
    let secret = ["get", "secret", "buildkitd-client-tls", "--namespace=roost-builds", "--output", &path];
    let answer = Command::new("kubectl").args(secret).output()?;
    ensure!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    Ok(BASE64.decode(&answer.stdout)?)
}
