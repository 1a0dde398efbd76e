//! The mirror: a registry that stands for Docker Hub and serves the base images out of the cache.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use super::LIMIT;
use crate::instance::{Instance, MIRROR};
use crate::node::part::{Health, Part};
use crate::template::fill;

const CONFIGURATION: &str = include_str!("../../../config/mirror.yaml");
const HOSTS: &str = include_str!("../../../config/mirror-hosts.toml");

/// What clients may do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// The registry's configuration; `images` is the folder in which it keeps them.
pub(crate) fn configuration(images: &Path, address: SocketAddr, access: Access) -> anyhow::Result<String> {
    let read_only = (access == Access::Read).to_string();
    let values = [("images", images.display().to_string()), ("readOnly", read_only), ("address", address.to_string())];
    fill(CONFIGURATION, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// It exports traces to localhost otherwise.
pub(crate) fn environment() -> Vec<(String, String)> {
    vec![("OTEL_TRACES_EXPORTER".to_owned(), "none".to_owned())]
}

pub(super) fn part(instance: &Instance) -> anyhow::Result<Part> {
    let address = SocketAddr::from((instance.node_address(), MIRROR.port));
    let file = instance.state.join("mirror.yaml");
    fs::write(&file, configuration(&instance.program("base-images"), address, Access::Read)?)?;
    write_hosts(instance, address)?;
    Ok(Part {
        name: MIRROR.name.to_owned(),
        program: instance.program("registry"),
        arguments: vec!["serve".to_owned(), file.display().to_string()],
        environment: environment(),
        needs: &[],
        needs_files: Vec::new(),
        health: Health::Http(format!("http://{address}/v2/")),
        limit: LIMIT,
        address: format!("http://{address}"),
    })
}

/// Leads containerd to the mirror.
fn write_hosts(instance: &Instance, address: SocketAddr) -> anyhow::Result<()> {
    let folder = instance.state.join("registries/docker.io");
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join("hosts.toml"), fill(HOSTS, &[("address", &address.to_string())])?)?)
}
