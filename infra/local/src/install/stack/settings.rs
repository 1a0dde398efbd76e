//! Hands the functions' environments, which the stack makes, to `cargo lambda watch`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::Context;
use serde::Deserialize;

use super::{function_settings_file, template_functions};
use crate::instance::Instance;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    environment: Environment,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Environment {
    variables: BTreeMap<String, String>,
}

pub(super) async fn write(instance: &Instance) -> anyhow::Result<()> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    for function in template_functions(&instance.project)? {
        // `GetFunctionConfiguration`, which the emulator answers without a signature.
        let address = format!("{}/2015-03-31/functions/{function}/configuration", instance.aws_endpoint());
        let answer = client.get(address).send().await?.error_for_status()?;
        let configuration: Configuration =
            answer.json().await.with_context(|| format!("the configuration of {function}"))?;
        let file = function_settings_file(instance, &function);
        fs::create_dir_all(instance.state.join("functions"))?;
        fs::write(file, lines(&configuration.environment.variables))?;
    }
    Ok(())
}

fn lines(variables: &BTreeMap<String, String>) -> String {
    // A variable without a value would be read as one that is set.
    let set = variables.iter().filter(|(_, value)| !value.is_empty());
    set.flat_map(|(name, value)| [name, "=", value, "\n"]).collect()
}
