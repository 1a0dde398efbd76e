//! The cable between the host and the node: a pair of virtual Ethernet links.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::time::{Instant, sleep};

use crate::command::{output, program};
use crate::instance::Instance;

const LIMIT: Duration = Duration::from_secs(10);
/// The node's end of the cable.
const NODE_LINK: &str = "eth0";

/// Run on the host, as soon as the process has left the host's network namespace.
pub(super) async fn connect(instance: &Instance, process: u32) -> anyhow::Result<()> {
    let link = instance.link_name();
    wait_until(|| has_own_network(process), "the node has no network namespace of its own").await?;
    if link_exists(&link) {
        bail!("the link {link} exists: another instance has the index {}, choose ROOST_INDEX", instance.index);
    }
    let process = process.to_string();
    ip(&["link", "add", &link, "type", "veth", "peer", "name", NODE_LINK, "netns", &process]).await?;
    ip(&["address", "add", &format!("{}/30", instance.host_address()), "dev", &link]).await?;
    ip(&["link", "set", &link, "up"]).await
}

/// Run in the node.
pub(super) async fn configure(instance: &Instance) -> anyhow::Result<()> {
    ip(&["link", "set", "lo", "up"]).await?;
    // sysfs still shows the host's links here, so `ip` is asked.
    let deadline = Instant::now() + LIMIT;
    while ip(&["link", "show", NODE_LINK]).await.is_err() {
        if Instant::now() > deadline {
            bail!("the link to the host did not appear within {} s", LIMIT.as_secs());
        }
        sleep(Duration::from_millis(20)).await;
    }
    ip(&["address", "add", &format!("{}/30", instance.node_address()), "dev", NODE_LINK]).await?;
    ip(&["link", "set", NODE_LINK, "up"]).await?;
    ip(&["route", "add", "default", "via", &instance.host_address().to_string()]).await?;
    fs::write("/proc/sys/net/ipv4/ip_forward", "1").context("forwarding between pods cannot be switched on")
}

pub(super) fn link_exists(link: &str) -> bool {
    PathBuf::from("/sys/class/net").join(link).exists()
}

/// The link goes with the node's network namespace; this is for one that stayed behind.
pub(super) async fn disconnect(instance: &Instance) -> anyhow::Result<()> {
    let link = instance.link_name();
    if link_exists(&link) {
        // It may go by itself in this very moment: what counts is that it is gone.
        let _ = ip(&["link", "delete", &link]).await;
    }
    wait_until(|| !link_exists(&link), "the link to the node stays").await
}

fn has_own_network(process: u32) -> bool {
    let namespace = |process: &str| fs::read_link(format!("/proc/{process}/ns/net")).ok();
    namespace(&process.to_string()).is_some_and(|own| Some(own) != namespace("self"))
}

async fn wait_until(condition: impl Fn() -> bool, otherwise: &str) -> anyhow::Result<()> {
    let deadline = Instant::now() + LIMIT;
    while !condition() {
        if Instant::now() > deadline {
            bail!("{otherwise}, after {} s", LIMIT.as_secs());
        }
        sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

async fn ip(arguments: &[&str]) -> anyhow::Result<()> {
    output(&mut program("ip", arguments), LIMIT).await.map(drop)
}
