//! The node from the inside: prepares its mounts and its network, then runs the parts.

use std::fs;
use std::time::Duration;

use anyhow::Context;

use super::{network, part, parts, supervisor, volumes};
use crate::command::{output, program};
use crate::instance::Instance;
use crate::mode::Cluster;

const MOUNT_LIMIT: Duration = Duration::from_secs(10);

/// Fixed paths at which Kubernetes' parts keep what belongs to this instance alone.
const PRIVATE_FOLDERS: [&str; 2] = ["/var/lib/cni", "/var/log/containers"];
/// Settings of the whole machine's kernel that the kubelet insists on changing: it gets copies to change.
const KERNEL_SETTINGS: [&str; 6] = [
    "/proc/sys/kernel/keys/root_maxbytes",
    "/proc/sys/kernel/keys/root_maxkeys",
    "/proc/sys/kernel/panic",
    "/proc/sys/kernel/panic_on_oops",
    "/proc/sys/vm/overcommit_memory",
    "/proc/sys/vm/panic_on_oom",
];

pub(crate) async fn run(instance: &Instance) -> anyhow::Result<()> {
    if instance.mode.cluster == Cluster::Own {
        mount_private_folders(instance).await?;
        network::configure(instance).await?;
        tokio::spawn(volumes::provide(instance.clone()));
    }
    let parts = part::in_starting_order(parts::all(instance)?)?;
    supervisor::supervise(instance, parts, health_client(instance)?).await
}

/// The mount namespace is private by now: nothing of this is seen outside.
async fn mount_private_folders(instance: &Instance) -> anyhow::Result<()> {
    // The kubelet passes mounts on to containers, which needs shared mounts: shared within this namespace.
    mount(&["--make-rshared", "/"]).await?;
    for folder in PRIVATE_FOLDERS {
        fs::create_dir_all(folder)?;
        mount(&["-t", "tmpfs", "-o", "mode=755", "tmpfs", folder]).await?;
    }
    for setting in KERNEL_SETTINGS {
        let copy = instance.state.join("kernel").join(setting.trim_start_matches('/').replace('/', "."));
        fs::create_dir_all(instance.state.join("kernel"))?;
        fs::write(&copy, fs::read(setting)?)?;
        mount(&["--bind", &copy.display().to_string(), setting]).await?;
    }
    Ok(())
}

async fn mount(arguments: &[&str]) -> anyhow::Result<()> {
    output(&mut program("mount", arguments), MOUNT_LIMIT).await.map(drop)
}

fn health_client(instance: &Instance) -> anyhow::Result<reqwest::Client> {
    let builder = reqwest::Client::builder().no_proxy();
    let authority = fs::read(instance.authority_file()).context("the certificate authority's file")?;
    Ok(builder.tls_certs_only([reqwest::Certificate::from_pem(&authority)?]).build()?)
}
