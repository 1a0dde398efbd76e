//! Shows logs of parts, of the cluster's workloads and of functions.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};

use crate::instance::Instance;

const SHOWN_LINES: &str = "200";
/// Where the cluster's workloads are.
const WORKLOADS: [(&str, &str); 5] = [
    ("coredns", "kube-system"),
    ("gateway", "roost-system"),
    ("registry", "roost-system"),
    ("prometheus", "roost-system"),
    ("buildkitd", "roost-builds"),
];

/// Becomes the program that shows the log, and so does not return on success.
pub(crate) fn run(instance: &Instance, part: Option<&str>, follow: bool) -> anyhow::Result<()> {
    let files = log_files(instance)?;
    let mut command = match part {
        None => tail(&files, follow),
        Some(name) => match files.iter().find(|file| file.file_stem().is_some_and(|stem| stem == name)) {
            Some(file) => tail(std::slice::from_ref(file), follow),
            None => workload(instance, name, &files, follow)?,
        },
    };
    Err(command.exec()).context("the log cannot be shown")
}

fn log_files(instance: &Instance) -> anyhow::Result<Vec<PathBuf>> {
    let folder = fs::read_dir(instance.logs()).context("there are no logs: run `make up`")?;
    let mut files: Vec<PathBuf> = folder.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "log"));
    files.sort();
    Ok(files)
}

fn tail(files: &[PathBuf], follow: bool) -> Command {
    let mut command = Command::new("tail");
    command.args(["--lines", SHOWN_LINES]).args(follow.then_some("--follow")).args(files);
    command
}

fn workload(instance: &Instance, name: &str, files: &[PathBuf], follow: bool) -> anyhow::Result<Command> {
    let Some((_, namespace)) = WORKLOADS.iter().find(|(workload, _)| *workload == name) else {
        let parts = files.iter().filter_map(|file| file.file_stem()?.to_str());
        let known: Vec<&str> = parts.chain(WORKLOADS.iter().map(|(workload, _)| *workload)).collect();
        bail!("there is no log of {name}; there are: {}", known.join(", "));
    };
    let mut command = Command::new(instance.program("kubectl"));
    command.args(["logs", "--tail", SHOWN_LINES, "--namespace", namespace, &format!("deployment/{name}")]);
    command.args(follow.then_some("--follow")).env("KUBECONFIG", instance.admin_kubeconfig());
    Ok(command)
}
