//! Runs a program on a platform that is up for just that long.

use std::process::ExitStatus;

use anyhow::{Context, bail};
use tokio::process::Command;

use super::{down, env, up};
use crate::instance::Instance;

/// Brings the platform up, runs the program with what `env` prints, and brings the platform down, however the program
/// ended.
pub(crate) async fn run(instance: &Instance, program: &[String]) -> anyhow::Result<()> {
    up::run(instance).await?;
    let ended = execute(instance, program).await;
    down::run(instance).await?;
    match ended? {
        status if status.success() => Ok(()),
        status => bail!("{} ended with {status}", program.join(" ")),
    }
}

async fn execute(instance: &Instance, program: &[String]) -> anyhow::Result<ExitStatus> {
    let (name, arguments) = program.split_first().context("name a program after --")?;
    let mut command = Command::new(name);
    let path = std::env::var("PATH").unwrap_or_default();
    command.args(arguments).envs(env::variables(instance)?).kill_on_drop(true);
    command.env("PATH", format!("{}:{path}", instance.programs().display()));
    command.status().await.with_context(|| format!("{name} cannot be started"))
}
