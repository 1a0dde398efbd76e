//! Which copy of the platform is meant: its folders, its addresses and its ports.

use std::env;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use crate::mode::{Cluster, Mode};

/// Instances beside `dev` have the indexes 1 to 63.
const FURTHER_INSTANCES: u8 = 63;
const PORT_STEP: u16 = 100;

/// A port of the node that is reachable on the host's loopback.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Service {
    pub(crate) name: &'static str,
    /// On the node's address, and on loopback for the instance with index 0.
    pub(crate) port: u16,
}

pub(crate) const API_SERVER: Service = Service { name: "kube-apiserver", port: 6443 };
pub(crate) const GATEWAY_HTTP: Service = Service { name: "gateway", port: 8080 };
pub(crate) const GATEWAY_HTTPS: Service = Service { name: "gateway (TLS)", port: 8443 };
pub(crate) const AWS_EMULATOR: Service = Service { name: "ministack", port: 4566 };
/// Stands for the website's sign-in.
pub(crate) const ISSUER: Service = Service { name: "issuer", port: 4567 };
pub(crate) const REGISTRY: Service = Service { name: "registry", port: 5000 };
/// Stands for Docker Hub.
pub(crate) const MIRROR: Service = Service { name: "mirror", port: 5001 };
pub(crate) const PROMETHEUS: Service = Service { name: "prometheus", port: 9090 };
pub(crate) const BUILDKIT: Service = Service { name: "buildkitd", port: 1234 };
/// Where `cargo lambda invoke` looks for functions; the emulator answers the same calls.
pub(crate) const INVOCATIONS: Service = Service { name: "cargo lambda invoke", port: 9000 };

#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) name: String,
    pub(crate) index: u8,
    pub(crate) state: PathBuf,
    pub(crate) cache: PathBuf,
    pub(crate) project: PathBuf,
    pub(crate) mode: Mode,
}

impl Instance {
    /// As the environment asks for it: for commands that start the platform.
    pub(crate) fn wanted() -> anyhow::Result<Self> {
        let (name, state) = name_and_state()?;
        Self::new(name, state, Mode::wanted()?)
    }

    /// As the last `up` made it: for commands about a platform that is there.
    pub(crate) fn running() -> anyhow::Result<Self> {
        let (name, state) = name_and_state()?;
        let mode = Mode::remembered(&state)?.map_or_else(Mode::wanted, Ok)?;
        Self::new(name, state, mode)
    }

    pub(crate) fn as_it_runs(&self) -> anyhow::Result<Self> {
        let mode = Mode::remembered(&self.state)?.unwrap_or_else(|| self.mode.clone());
        Ok(Self { mode, ..self.clone() })
    }

    fn new(name: String, state: PathBuf, mode: Mode) -> anyhow::Result<Self> {
        Ok(Self {
            index: index_of(&name)?,
            cache: folder("ROOST_CACHE", ".cache/roost")?,
            project: find_project(&env::current_dir()?)?,
            name,
            state,
            mode,
        })
    }

    /// The port on the host's loopback.
    pub(crate) fn local_port(&self, service: Service) -> u16 {
        service.port + PORT_STEP * u16::from(self.index)
    }

    pub(crate) fn host_address(&self) -> Ipv4Addr {
        Ipv4Addr::new(10, 213, self.index, 1)
    }

    /// Where the parts are reached by each other, by pods and by the host.
    pub(crate) fn node_address(&self) -> Ipv4Addr {
        match self.mode.cluster {
            Cluster::Own => Ipv4Addr::new(10, 213, self.index, 2),
            Cluster::Existing { .. } => Ipv4Addr::LOCALHOST,
        }
    }

    /// The port at [`Self::node_address`]: without a network of its own, a further instance needs ports of its own.
    pub(crate) fn node_port(&self, service: Service) -> u16 {
        match self.mode.cluster {
            Cluster::Own => service.port,
            Cluster::Existing { .. } => self.local_port(service),
        }
    }

    pub(crate) fn aws_endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.local_port(AWS_EMULATOR))
    }

    /// The same, from wherever the node is reached: from the parts, too.
    pub(crate) fn aws_node_endpoint(&self) -> String {
        format!("http://{}:{}", self.node_address(), self.node_port(AWS_EMULATOR))
    }

    pub(crate) fn node_name(&self) -> String {
        format!("roost-{}", self.name)
    }

    /// The host's end of the cable to the node; a link's name has at most 15 characters.
    pub(crate) fn link_name(&self) -> String {
        format!("roost{}", self.index)
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.state.join("log")
    }

    /// Programs that were built or installed for the platform.
    pub(crate) fn programs(&self) -> PathBuf {
        self.state.join("bin")
    }

    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.programs().join(name)
    }

    pub(crate) fn certificates(&self) -> PathBuf {
        self.state.join("pki")
    }

    /// Outlives the instances, so that a browser that trusts it stays content.
    pub(crate) fn authority_folder(&self) -> PathBuf {
        self.state.parent().unwrap_or(&self.state).join("authority")
    }

    pub(crate) fn authority_file(&self) -> PathBuf {
        self.authority_folder().join("ca.crt")
    }

    pub(crate) fn audit_log(&self) -> PathBuf {
        self.logs().join("audit.log")
    }

    pub(crate) fn admin_kubeconfig(&self) -> PathBuf {
        match &self.mode.cluster {
            Cluster::Own => self.state.join("admin.kubeconfig"),
            Cluster::Existing { kubeconfig } => kubeconfig.clone(),
        }
    }

    /// Ports of the host's loopback, and the node's ports that they lead to.
    pub(crate) fn forwarded(&self) -> Vec<(Service, u16)> {
        let invocations = (INVOCATIONS, self.node_port(AWS_EMULATOR));
        if self.mode.cluster != Cluster::Own {
            return vec![invocations];
        }
        let same = [API_SERVER, GATEWAY_HTTP, GATEWAY_HTTPS, AWS_EMULATOR, REGISTRY, MIRROR, PROMETHEUS, BUILDKIT];
        same.into_iter().map(|service| (service, service.port)).chain([invocations]).collect()
    }
}

fn name_and_state() -> anyhow::Result<(String, PathBuf)> {
    let name = env::var("ROOST_INSTANCE").unwrap_or_else(|_| "dev".to_owned());
    check_name(&name)?;
    let state = folder("ROOST_STATE", &format!(".local/state/roost/{name}"))?;
    Ok((name, state))
}

/// The folder that the variable names, or the default below the home folder.
fn folder(variable: &str, default: &str) -> anyhow::Result<PathBuf> {
    let home = env::var("HOME").context("HOME is not set: set it to your home folder")?;
    Ok(env::var(variable).map_or_else(|_| PathBuf::from(home).join(default), PathBuf::from))
}

fn check_name(name: &str) -> anyhow::Result<()> {
    let valid = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
    if name.is_empty() || name.len() > 32 || !name.chars().all(valid) || name.starts_with('-') || name.ends_with('-') {
        bail!("ROOST_INSTANCE={name:?} is no instance name: use up to 32 lower-case letters, digits and hyphens");
    }
    Ok(())
}

/// Two names may share an index by chance: `ROOST_INDEX` then parts them.
fn index_of(name: &str) -> anyhow::Result<u8> {
    if let Ok(chosen) = env::var("ROOST_INDEX") {
        let index = chosen.parse().ok().filter(|index| *index <= FURTHER_INSTANCES);
        return index.with_context(|| format!("ROOST_INDEX={chosen:?} is not a number from 0 to {FURTHER_INSTANCES}"));
    }
    Ok(default_index(name))
}

fn default_index(name: &str) -> u8 {
    match name {
        "dev" => 0,
        other => Sha256::digest(other)[0] % FURTHER_INSTANCES + 1,
    }
}

fn find_project(from: &Path) -> anyhow::Result<PathBuf> {
    let project = from.ancestors().find(|folder| folder.join("infra/local/tools").is_dir());
    project
        .map(Path::to_path_buf)
        .context("run this inside the project's folder: infra/local/tools was not found above")
}

#[cfg(test)]
mod tests {
    use super::{check_name, default_index};

    #[test]
    fn only_dev_has_the_ports_without_an_offset() {
        assert_eq!(default_index("dev"), 0);
        for name in ["test", "a", "ci", "alice"] {
            assert!((1..=63).contains(&default_index(name)), "{name}");
        }
    }

    #[test]
    fn a_name_that_would_leave_its_folder_is_refused() {
        for name in ["", "../x", "a/b", "A", "-a", "a-", &"a".repeat(33)] {
            assert!(check_name(name).is_err(), "{name}");
        }
        assert!(check_name("feature-12").is_ok());
    }
}
