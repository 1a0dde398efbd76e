//! What is told about the parts: written by the node, read by the commands.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::instance::Instance;

/// The status is written at least so often, also without news: an older one is a dead node's.
pub(super) const PERIOD: Duration = Duration::from_millis(250);

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// Something it needs is not healthy yet.
    Waiting,
    Starting,
    Healthy,
    /// It runs, but its health check fails.
    Unhealthy,
    /// It ended and is started again after a pause.
    Restarting,
    /// It did not become healthy in its time.
    Failed,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PartStatus {
    pub(crate) state: State,
    /// As seen in the node's process namespace.
    pub(crate) process: Option<u32>,
    pub(crate) restarts: u32,
    pub(crate) address: String,
    /// It needs something that is installed into the running platform.
    pub(crate) after_installation: bool,
    pub(crate) started_after_seconds: Option<f64>,
    /// Why it is not healthy.
    pub(crate) reason: Option<String>,
}

/// In the order in which the parts are started.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct NodeStatus {
    pub(crate) order: Vec<String>,
    pub(crate) parts: BTreeMap<String, PartStatus>,
}

impl NodeStatus {
    pub(crate) fn all_healthy(&self) -> bool {
        !self.parts.is_empty() && self.parts.values().all(|part| part.state == State::Healthy)
    }

    /// Everything that is needed for the installation.
    pub(crate) fn ready_for_installation(&self) -> bool {
        let is_ready = |part: &PartStatus| part.after_installation || part.state == State::Healthy;
        !self.parts.is_empty() && self.parts.values().all(is_ready)
    }

    pub(crate) fn in_order(&self) -> impl Iterator<Item = (&str, &PartStatus)> {
        self.order.iter().filter_map(|name| Some((name.as_str(), self.parts.get(name)?)))
    }
}

fn file(instance: &Instance) -> PathBuf {
    instance.state.join("status.json")
}

/// `None` before the node has started.
pub(crate) fn read(instance: &Instance) -> Option<NodeStatus> {
    serde_json::from_slice(&fs::read(file(instance)).ok()?).ok()
}

/// The status if it was written after the given time.
pub(crate) fn read_newer(instance: &Instance, than: SystemTime) -> Option<NodeStatus> {
    let written = fs::metadata(file(instance)).ok()?.modified().ok()?;
    (written > than).then(|| read(instance))?
}

/// Renamed into place, so that no reader sees half a file.
pub(super) fn write(instance: &Instance, status: &NodeStatus) -> anyhow::Result<()> {
    let unfinished = file(instance).with_extension("unfinished");
    fs::write(&unfinished, serde_json::to_vec(status)?)?;
    Ok(fs::rename(unfinished, file(instance))?)
}

/// The process as the host numbers it: `NSpid` lists the number in each namespace, the outermost first.
/// See <https://man7.org/linux/man-pages/man5/proc_pid_status.5.html>.
pub(crate) fn host_process(inner: u32, instance: &Instance) -> Option<u32> {
    let programs = instance.programs().display().to_string();
    let processes = fs::read_dir("/proc").ok()?.filter_map(Result::ok);
    let mut numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    numbers.find(|process| {
        let folder = Path::new("/proc").join(process.to_string());
        let status = fs::read_to_string(folder.join("status")).unwrap_or_default();
        let command = fs::read_to_string(folder.join("cmdline")).unwrap_or_default();
        namespace_number(&status) == Some(inner) && command.contains(&programs)
    })
}

fn namespace_number(status: &str) -> Option<u32> {
    let numbers = status.lines().find_map(|line| line.strip_prefix("NSpid:"))?;
    let numbers: Vec<u32> = numbers.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    (numbers.len() == 2).then(|| numbers[1])
}

#[cfg(test)]
mod tests {
    use super::{NodeStatus, PartStatus, State, namespace_number};

    #[test]
    fn the_inner_number_comes_from_exactly_one_namespace_further_in() {
        assert_eq!(namespace_number("Name:\tetcd\nNSpid:\t4711\t12\n"), Some(12));
        assert_eq!(namespace_number("NSpid:\t4711\n"), None);
        assert_eq!(namespace_number("NSpid:\t4711\t12\t1\n"), None);
    }

    #[test]
    fn a_node_without_parts_is_not_healthy() {
        let mut status = NodeStatus::default();
        assert!(!status.all_healthy());
        let part = |state| PartStatus {
            state,
            process: None,
            restarts: 0,
            address: String::new(),
            after_installation: false,
            started_after_seconds: None,
            reason: None,
        };
        status.parts.insert("a".to_owned(), part(State::Healthy));
        assert!(status.all_healthy());
        status.parts.insert("b".to_owned(), part(State::Unhealthy));
        assert!(!status.all_healthy());
    }
}
