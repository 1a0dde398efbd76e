//! Shows each part and each workload.

use std::io::{Write, stdout};
use std::time::Duration;

use anyhow::bail;

use crate::command::{output, program};
use crate::instance::{Instance, Service};
use crate::lock;
use crate::node;
use crate::node::status::{self, NodeStatus, PartStatus, State};

const CLUSTER_LIMIT: Duration = Duration::from_secs(10);

pub(crate) async fn run(instance: &Instance) -> anyhow::Result<()> {
    if lock::holder(&node::lock_file(instance))?.is_none() {
        bail!("the platform {} is down: run `make up`", instance.name);
    }
    let status = status::read(instance).unwrap_or_default();
    // A cluster that does not answer is part of what is to be seen.
    let workloads = workloads(instance).await.unwrap_or_else(|error| format!("{error:#}\n"));
    stdout().write_all([parts(instance, &status), workloads, forwards(instance)].join("\n").as_bytes())?;
    if status.all_healthy() { Ok(()) } else { bail!("not every part is healthy") }
}

fn parts(instance: &Instance, status: &NodeStatus) -> String {
    let head = format!("{:<26} {:<12} {:>8} {:>8}  ADDRESS\n", "PART", "STATE", "PROCESS", "RESTARTS");
    std::iter::once(head).chain(status.in_order().map(|(name, part)| line(instance, name, part))).collect()
}

fn line(instance: &Instance, name: &str, part: &PartStatus) -> String {
    let process = part.process.and_then(|inner| status::host_process(inner, instance));
    let process = process.map_or_else(|| "-".to_owned(), |process| process.to_string());
    let reason = part.reason.as_ref().map(|reason| format!("    {reason}\n")).unwrap_or_default();
    let (state, restarts) = (word(part.state), part.restarts);
    format!("{name:<26} {state:<12} {process:>8} {restarts:>8}  {}\n{reason}", part.address)
}

async fn workloads(instance: &Instance) -> anyhow::Result<String> {
    let columns = "custom-columns=WORKLOAD:.metadata.name,NAMESPACE:.metadata.namespace,\
                   WANTED:.spec.replicas,AVAILABLE:.status.availableReplicas";
    let arguments = ["get", "deployments", "--all-namespaces", "--output", columns];
    let mut kubectl = program(instance.program("kubectl"), &arguments);
    output(kubectl.env("KUBECONFIG", instance.admin_kubeconfig()), CLUSTER_LIMIT).await
}

fn forwards(instance: &Instance) -> String {
    let line =
        |(service, _): (Service, u16)| format!("{:<26} 127.0.0.1:{}\n", service.name, instance.local_port(service));
    let lines = instance.forwarded().into_iter().map(line);
    std::iter::once(format!("{:<26} ADDRESS\n", "ON THIS MACHINE")).chain(lines).collect()
}

fn word(state: State) -> &'static str {
    match state {
        State::Waiting => "waiting",
        State::Starting => "starting",
        State::Healthy => "healthy",
        State::Unhealthy => "unhealthy",
        State::Restarting => "restarting",
        State::Failed => "failed",
    }
}
