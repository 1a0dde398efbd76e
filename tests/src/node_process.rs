//! A process of the platform's node, which a test stops or kills as an accident would.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process};

use crate::running_platform::variable;

/// A process of the node of the running platform.
#[derive(Debug, Clone, Copy)]
pub struct NodeProcess(Pid);

/// A process that does nothing until this is dropped.
#[derive(Debug)]
pub struct Stopped(NodeProcess);

impl NodeProcess {
    /// The first one that runs a program whose path ends so.
    pub fn find(program: &str) -> Result<Self> {
        let supervisor = supervisor()?;
        let processes = fs::read_dir("/proc")?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        let mut found = processes.filter(|process| program_of(*process).is_some_and(|path| path.ends_with(program)));
        let process = found.find(|process| descends_from(*process, supervisor)).and_then(Pid::from_raw);
        process.map(Self).with_context(|| format!("no {program} runs in the node"))
    }

    /// Ends it at once.
    pub fn kill(self) -> Result<()> {
        Ok(kill_process(self.0, Signal::KILL)?)
    }

    /// Stops it for a while.
    pub fn stop(self) -> Result<Stopped> {
        kill_process(self.0, Signal::STOP)?;
        Ok(Stopped(self))
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        // Whoever has ended meanwhile need not go on.
        let _ = kill_process(self.0.0, Signal::CONT);
    }
}

/// The process that holds the platform's node, which has written its id beside its lock.
fn supervisor() -> Result<i32> {
    let configuration = variable("KUBECONFIG")?;
    let state = Path::new(&configuration).parent().context("the kubeconfig is in the platform's folder")?;
    Ok(fs::read_to_string(state.join("supervisor.lock"))?.trim().parse()?)
}

fn program_of(process: i32) -> Option<String> {
    let command = fs::read(format!("/proc/{process}/cmdline")).ok()?;
    String::from_utf8(command.split(|byte| *byte == 0).next()?.to_vec()).ok()
}

fn descends_from(process: i32, ancestor: i32) -> bool {
    let parent = |process: &i32| {
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        status.lines().find_map(|line| line.strip_prefix("PPid:")?.trim().parse().ok())
    };
    std::iter::successors(Some(process), parent).any(|process| process == ancestor)
}
