//! Creates the stack from `infra/template.yaml`, as it stands, through the API of `CloudFormation`.

mod deployment;
mod package;
mod settings;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::aws;
use crate::instance::Instance;
use crate::progress::Progress;

pub(crate) const REGION: &str = "eu-west-1";
/// Both halves of the credentials that the emulator takes.
pub(crate) const ACCESS_KEY: &str = "test";
const NAME: &str = "roost";

/// Outputs of the stack by name.
pub(crate) type Outputs = BTreeMap<String, String>;

pub(super) async fn install(instance: &Instance, progress: Progress) -> anyhow::Result<()> {
    let configuration = aws::configuration(instance).await;
    let template = fs::read_to_string(template_file(&instance.project)).context("infra/template.yaml")?;
    let packaged = package::package(instance, &template, &configuration).await?;
    let outputs = deployment::deploy(instance, &packaged, &configuration).await?;
    deployment::enable_expiry(&template, &outputs, &configuration).await?;
    fs::write(outputs_file(instance), serde_json::to_vec_pretty(&outputs)?)?;
    if instance.mode.watch {
        settings::write(instance).await?;
    }
    progress.say("the stack is created");
    Ok(())
}

pub(crate) fn outputs(instance: &Instance) -> anyhow::Result<Outputs> {
    let content = fs::read(outputs_file(instance)).context("the platform is not up: run `make up`")?;
    Ok(serde_json::from_slice(&content)?)
}

/// The functions' names: those of the folders that the template takes their code from.
pub(crate) fn template_functions(project: &Path) -> anyhow::Result<Vec<String>> {
    Ok(package::functions(&fs::read_to_string(template_file(project))?))
}

/// The function's environment as the stack has it, for `cargo lambda watch`.
pub(crate) fn function_settings_file(instance: &Instance, function: &str) -> PathBuf {
    instance.state.join("functions").join(format!("{function}.env"))
}

/// All that the stack is made from.
pub(super) fn sources(instance: &Instance) -> anyhow::Result<Vec<PathBuf>> {
    let mut sources = vec![template_file(&instance.project)];
    // Functions that follow their source run from elsewhere.
    if !instance.mode.watch {
        for function in template_functions(&instance.project)? {
            sources.push(binary(instance, &function)?);
        }
    }
    Ok(sources)
}

fn template_file(project: &Path) -> PathBuf {
    project.join("infra/template.yaml")
}

fn outputs_file(instance: &Instance) -> PathBuf {
    instance.state.join("outputs.json")
}

/// The function as Cargo built it.
fn binary(instance: &Instance, function: &str) -> anyhow::Result<PathBuf> {
    let profile = env::var("ROOST_FUNCTIONS_PROFILE").unwrap_or_else(|_| "local".to_owned());
    let target = env::var("CARGO_TARGET_DIR").map_or_else(|_| instance.project.join("target"), PathBuf::from);
    let binary = target.join(&profile).join(function);
    if !binary.is_file() {
        bail!("{} is missing: run `cargo build --profile {profile}`", binary.display());
    }
    Ok(binary)
}
