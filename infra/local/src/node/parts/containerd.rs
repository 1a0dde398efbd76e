//! containerd: runs the containers.

use std::fs;
use std::path::Path;

use super::LIMIT;
use crate::instance::{Instance, REGISTRY};
use crate::node::namespace;
use crate::node::part::{Health, Part};
use crate::template::fill;

const CONFIGURATION: &str = include_str!("../../../config/containerd.toml");
const POD_NETWORK: &str = include_str!("../../../config/pod-network.json");
const REGISTRY_HOSTS: &str = include_str!("../../../config/registry-hosts.toml");
/// In the node's private /run, and where the kubelet looks for containers' figures.
pub(crate) const SOCKET: &str = "/run/containerd/containerd.sock";

/// `settings` holds the network's and the registries' settings.
pub(crate) fn configuration(root: &Path, run: &Path, socket: &Path, settings: &Path) -> anyhow::Result<String> {
    let [root, run, socket, settings] = [root, run, socket, settings].map(|path| path.display().to_string());
    fill(CONFIGURATION, &[("root", &root), ("run", &run), ("socket", &socket), ("settings", &settings)])
}

pub(super) fn part(instance: &Instance) -> anyhow::Result<Part> {
    let state = &instance.state;
    let file = state.join("containerd.toml");
    fs::write(&file, configuration(&root(instance), Path::new("/run/containerd"), Path::new(SOCKET), state)?)?;
    fs::create_dir_all(state.join("cni"))?;
    fs::write(state.join("cni/10-roost.conflist"), POD_NETWORK)?;
    write_registry_hosts(instance)?;
    let check = ["--address", SOCKET, "--connect-timeout", "1s", "version"];
    Ok(Part {
        name: "containerd".to_owned(),
        program: instance.program("containerd"),
        arguments: vec!["--config".to_owned(), file.display().to_string()],
        environment: vec![("PATH".to_owned(), namespace::search_path(instance))],
        needs: &[],
        needs_files: Vec::new(),
        health: Health::Command(instance.program("ctr"), check.map(str::to_owned).to_vec()),
        limit: LIMIT,
        address: format!("unix://{SOCKET}"),
    })
}

/// Filled from the cache before the node starts.
pub(crate) fn root(instance: &Instance) -> std::path::PathBuf {
    instance.state.join("containerd")
}

fn write_registry_hosts(instance: &Instance) -> anyhow::Result<()> {
    let address = format!("{}:{}", instance.node_address(), REGISTRY.port);
    let hosts = fill(REGISTRY_HOSTS, &[("address", &address)])?;
    let names = ["registry.roost-system", "registry.roost-system.svc", "registry.roost-system.svc.cluster.local"];
    for name in names.iter().chain(&["127.0.0.1"]) {
        let folder = instance.state.join("registries").join(format!("{name}:{}", REGISTRY.port));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("hosts.toml"), &hosts)?;
    }
    Ok(())
}
