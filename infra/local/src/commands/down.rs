//! Stops the platform and checks that nothing of it is left.

use std::time::Duration;

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::time::{Instant, sleep};

use super::up;
use crate::instance::Instance;
use crate::lock;
use crate::mode::Cluster;
use crate::node::{self, leftovers};
use crate::progress::Progress;

/// The node's processes are killed at once; what takes time is the kernel's clearing of their namespaces.
const LIMIT: Duration = Duration::from_secs(30);
const PERIOD: Duration = Duration::from_millis(20);

pub(crate) async fn run(instance: &Instance) -> anyhow::Result<()> {
    let progress = Progress::start();
    if !instance.state.exists() {
        progress.say(format!("the platform {} was never up", instance.name));
        return Ok(());
    }
    let _lock = up::exclusive(instance)?;
    stop(instance).await?;
    progress.say(format!("the platform {} is down, nothing is left of it on this machine", instance.name));
    if let Cluster::Existing { kubeconfig } = &instance.mode.cluster {
        progress
            .say(format!("the chart and the tenants stay on the cluster of {}. To remove them:", kubeconfig.display()));
        println!("  kubectl delete namespaces --selector app.kubernetes.io/managed-by=roost");
        println!("  helm uninstall roost --namespace roost-system");
    }
    Ok(())
}

/// Works on a platform in any state; one that runs is stopped as what it is, not as what is wanted next.
pub(super) async fn stop(instance: &Instance) -> anyhow::Result<()> {
    let instance = &instance.as_it_runs()?;
    let lock_file = node::lock_file(instance);
    if let Some(supervisor) = lock::holder(&lock_file)? {
        let supervisor = Pid::from_raw(supervisor).context("the supervisor's lock file names no process")?;
        // It may have ended since.
        kill_process(supervisor, Signal::TERM).or_else(|error| match error {
            rustix::io::Errno::SRCH => Ok(()),
            other => Err(other),
        })?;
        wait_until_released(&lock_file).await?;
    }
    node::clean_up(instance).await?;
    check_nothing_is_left(instance).await
}

async fn wait_until_released(lock_file: &std::path::Path) -> anyhow::Result<()> {
    let deadline = Instant::now() + LIMIT;
    while let Some(process) = lock::holder(lock_file)? {
        if Instant::now() > deadline {
            bail!("the supervisor, process {process}, did not end within {} s", LIMIT.as_secs());
        }
        sleep(PERIOD).await;
    }
    Ok(())
}

async fn check_nothing_is_left(instance: &Instance) -> anyhow::Result<()> {
    let deadline = Instant::now() + LIMIT;
    loop {
        let left = leftovers::find(instance)?;
        if left.is_empty() {
            return Ok(());
        }
        if Instant::now() > deadline {
            bail!("this is left of the platform {}:\n    {}", instance.name, left.join("\n    "));
        }
        sleep(PERIOD).await;
    }
}
