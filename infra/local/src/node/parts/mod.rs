//! The parts, one file each: how it is started and when it is healthy.

mod api_server;
pub(crate) mod containerd;
mod controller_manager;
mod etcd;
pub(crate) mod function_watch;
mod issuer;
mod kube_proxy;
pub(crate) mod kubeconfig;
mod kubelet;
mod ministack;
pub(crate) mod mirror;
mod scheduler;

use std::time::Duration;

use super::part::Part;
use crate::instance::Instance;
use crate::mode::Cluster;

/// On two cores at full load; in peace each takes a few seconds.
const LIMIT: Duration = Duration::from_mins(1);
const POD_ADDRESSES: &str = "10.244.0.0/16";
const SERVICE_ADDRESSES: &str = "10.96.0.0/16";

pub(super) fn all(instance: &Instance) -> anyhow::Result<Vec<Part>> {
    let mut parts = Vec::new();
    if instance.mode.cluster == Cluster::Own {
        parts.push(etcd::part(instance));
        parts.push(api_server::part(instance)?);
        parts.push(controller_manager::part(instance)?);
        parts.push(scheduler::part(instance)?);
        parts.push(mirror::part(instance)?);
        parts.push(containerd::part(instance)?);
        parts.push(kubelet::part(instance)?);
        parts.push(kube_proxy::part(instance)?);
    }
    parts.push(ministack::part(instance)?);
    parts.push(issuer::part(instance)?);
    if instance.mode.watch {
        parts.extend(function_watch::parts(instance)?);
    }
    Ok(parts)
}

/// `--name=value`, for each.
fn flags(flags: &[(&str, &str)]) -> Vec<String> {
    flags.iter().map(|(name, value)| format!("--{name}={value}")).collect()
}
