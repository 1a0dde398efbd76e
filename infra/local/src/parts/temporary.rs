//! Programs of the platform that run for a moment, while something is prepared with them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

use crate::command::{last_lines, output, program};
use crate::instance::Instance;
use crate::node::{cgroup, namespace};
use crate::template::fill;

const BUILDER: &str = include_str!("../../config/temporary-buildkitd.toml");
const START_LIMIT: Duration = Duration::from_secs(30);
const SHOWN_LINES: usize = 20;

/// A buildkitd that keeps everything below the folder `work`, and its steps in the instance's control group.
pub(super) async fn start_builder(instance: &Instance, work: &Path) -> anyhow::Result<Child> {
    let address = builder_address(work);
    let configuration = work.join("buildkitd.toml");
    fs::write(&configuration, fill(BUILDER, &[("group", &cgroup::name(instance))])?)?;
    let mut command = namespace::isolated(&instance.program("buildkitd"));
    command.args(["--addr", &address]).arg("--config").arg(configuration);
    command.arg("--root").arg(work.join("buildkit")).env("PATH", namespace::search_path(instance));
    let log = work.join("buildkitd.log");
    let builder = start(command, &log)?;
    wait_until_answering(&instance.program("buildctl"), &["--addr", &address, "debug", "workers"], &log).await?;
    Ok(builder)
}

pub(super) fn builder_address(work: &Path) -> String {
    format!("unix://{}", work.join("buildkitd.sock").display())
}

pub(super) fn start(mut command: Command, log: &Path) -> anyhow::Result<Child> {
    let log = fs::File::create(log)?;
    command.stdout(log.try_clone()?).stderr(log).kill_on_drop(true);
    command.spawn().context("unshare cannot be started")
}

pub(super) async fn wait_until_answering(client: &Path, arguments: &[&str], log: &Path) -> anyhow::Result<()> {
    let deadline = Instant::now() + START_LIMIT;
    loop {
        match output(&mut program(client, arguments), START_LIMIT).await {
            Ok(_) => return Ok(()),
            Err(error) if Instant::now() > deadline => {
                let log = fs::read_to_string(log).unwrap_or_default();
                return Err(error).context(format!("it does not start; its log:\n{}", last_lines(&log, SHOWN_LINES)));
            }
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
}
