//! The node from the outside: starts it, forwards loopback ports to it, and cleans up when it ends.

use std::env;
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, bail};
use tokio::process::Child;
use tokio::signal::unix::{SignalKind, signal};

use super::{cgroup, namespace, network};
use crate::forward::Forward;
use crate::instance::Instance;
use crate::lock;
use crate::mode::Cluster;

/// Held as long as the platform runs.
pub(crate) fn lock_file(instance: &Instance) -> PathBuf {
    instance.state.join("supervisor.lock")
}

/// Returns when the node has ended, by itself or because this process was told to end.
pub(crate) async fn supervise(instance: &Instance) -> anyhow::Result<()> {
    let Some(_lock) = lock::try_hold(&lock_file(instance))? else { bail!("the platform runs already") };
    let mut asked_to_end = signal(SignalKind::terminate())?;
    let forwards = forwards(instance).await?;
    let mut node = start(instance).await?;
    for forward in forwards {
        tokio::spawn(forward.run());
    }
    let ended = tokio::select! {
        ended = node.wait() => Err(anyhow::anyhow!("the node ended by itself: {}", ended?)),
        _ = asked_to_end.recv() => Ok(()),
    };
    node.kill().await.ok();
    clean_up(instance).await?;
    ended
}

/// Also run by `up` and `down`, for a node whose supervisor was killed.
pub(crate) async fn clean_up(instance: &Instance) -> anyhow::Result<()> {
    if instance.mode.cluster == Cluster::Own {
        network::disconnect(instance).await?;
        cgroup::remove(instance).await?;
    }
    Ok(())
}

async fn start(instance: &Instance) -> anyhow::Result<Child> {
    let mut command = namespace::node(instance, &env::current_exe()?);
    command.arg("node").stdin(Stdio::null()).kill_on_drop(true);
    if instance.mode.cluster != Cluster::Own {
        return command.spawn().context("the node cannot be started");
    }
    cgroup::create(instance)?;
    let mut child = command.spawn().context("the node cannot be started")?;
    let process = child.id().context("the node ended at once")?;
    match network::connect(instance, process).await {
        Ok(()) => Ok(child),
        Err(error) => {
            child.kill().await.ok();
            cgroup::remove(instance).await?;
            Err(error)
        }
    }
}

/// A port that is taken stops the start before anything is running.
async fn forwards(instance: &Instance) -> anyhow::Result<Vec<Forward>> {
    let mut forwards = Vec::new();
    for (service, port) in instance.forwarded() {
        let target = (instance.node_address(), port).into();
        let forward = Forward::bind(instance.local_port(service), target).await;
        forwards.push(forward.with_context(|| format!("the port of {} is not to be had", service.name))?);
    }
    Ok(forwards)
}
