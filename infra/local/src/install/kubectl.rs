//! Calls of kubectl against the instance's cluster.

use std::time::Duration;

use anyhow::Context;
use tokio::process::Command;

use crate::command::{output, program};
use crate::instance::Instance;
use crate::mode::Cluster;

const CALL_LIMIT: Duration = Duration::from_mins(1);
/// On a cluster of somebody else's, images have to be fetched first.
const READY_LIMIT: Duration = Duration::from_mins(5);

pub(crate) fn kubectl(instance: &Instance, arguments: &[&str]) -> Command {
    let mut command = program(instance.program("kubectl"), arguments);
    command.env("KUBECONFIG", instance.admin_kubeconfig());
    command
}

pub(crate) async fn call(instance: &Instance, arguments: &[&str]) -> anyhow::Result<String> {
    output(&mut kubectl(instance, arguments), CALL_LIMIT).await
}

/// Applies a manifest that was filled from a template.
pub(super) async fn apply(instance: &Instance, name: &str, manifest: &str) -> anyhow::Result<()> {
    let file = instance.state.join(name);
    std::fs::write(&file, manifest)?;
    let file = file.display().to_string();
    call(instance, &["apply", "--server-side", "--force-conflicts", "--filename", &file]).await.map(drop)
}

pub(super) async fn wait_until_ready(instance: &Instance) -> anyhow::Result<()> {
    let limit = format!("--timeout={}s", READY_LIMIT.as_secs());
    // How the nodes and the add-ons of somebody else's cluster are is not for us to judge.
    if instance.mode.cluster == Cluster::Own {
        let node = ["wait", "nodes", "--all", "--for=condition=Ready", &limit];
        output(&mut kubectl(instance, &node), READY_LIMIT).await.context("the node does not become ready")?;
    }
    let own = (instance.mode.cluster == Cluster::Own).then_some("kube-system");
    for namespace in own.into_iter().chain(["roost-system", "roost-builds"]) {
        let workloads = ["wait", "deployments", "--all", "--namespace", namespace, "--for=condition=Available", &limit];
        let ready = output(&mut kubectl(instance, &workloads), READY_LIMIT).await;
        if let Err(error) = ready {
            let events = ["get", "events", "--namespace", namespace, "--sort-by=.lastTimestamp"];
            let events = call(instance, &events).await.unwrap_or_default();
            let events = crate::command::last_lines(&events, 15);
            return Err(error)
                .context(format!("a workload of {namespace} does not become ready; last events:\n{events}"));
        }
    }
    Ok(())
}
