//! Shows logs of parts, of the cluster's workloads and of functions.

mod functions;

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};

use crate::install::stack;
use crate::instance::Instance;

const SHOWN_LINES: usize = 200;
/// Where the cluster's workloads are.
const WORKLOADS: [(&str, &str); 5] = [
    ("coredns", "kube-system"),
    ("gateway", "roost-system"),
    ("registry", "roost-system"),
    ("prometheus", "roost-system"),
    ("buildkitd", "roost-builds"),
];

pub(crate) async fn run(instance: &Instance, part: Option<&str>, follow: bool) -> anyhow::Result<()> {
    let files = log_files(instance)?;
    let Some(name) = part else { return show(&mut tail(&files, follow)) };
    if let Some(file) = file_of(name, &files) {
        return show(&mut tail(std::slice::from_ref(file), follow));
    }
    let functions = stack::template_functions(&instance.project)?;
    if functions.iter().any(|function| function == name) {
        return functions::show(instance, name, follow).await;
    }
    let Some((_, namespace)) = WORKLOADS.iter().find(|(workload, _)| *workload == name) else {
        let parts = files.iter().filter_map(|file| file.file_stem()?.to_str());
        let others = functions.iter().map(String::as_str).chain(WORKLOADS.map(|(workload, _)| workload));
        bail!("there is no log of {name}; there are: {}", parts.chain(others).collect::<Vec<_>>().join(", "));
    };
    show(&mut workload(instance, name, namespace, follow))
}

/// Becomes the program that shows the log, and so does not return on success.
fn show(command: &mut Command) -> anyhow::Result<()> {
    Err(command.exec()).context("the log cannot be shown")
}

/// What a function that follows its source writes is among what `cargo lambda watch` writes.
fn file_of<'a>(name: &str, files: &'a [PathBuf]) -> Option<&'a PathBuf> {
    let stem_is = |file: &&PathBuf, wanted: &str| file.file_stem().is_some_and(|stem| stem == wanted);
    let watch = format!("watch-{name}");
    files.iter().find(|file| stem_is(file, name) || stem_is(file, &watch))
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
    command.args(["--lines", &SHOWN_LINES.to_string()]).args(follow.then_some("--follow")).args(files);
    command
}

fn workload(instance: &Instance, name: &str, namespace: &str, follow: bool) -> Command {
    let mut command = Command::new(instance.program("kubectl"));
    let (lines, deployment) = (SHOWN_LINES.to_string(), format!("deployment/{name}"));
    command.args(["logs", "--tail", &lines, "--namespace", namespace, &deployment]);
    command.args(follow.then_some("--follow")).env("KUBECONFIG", instance.admin_kubeconfig());
    command
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::file_of;

    #[test]
    fn a_function_that_follows_its_source_writes_to_its_watchs_file() {
        let files = ["/l/etcd.log", "/l/watch-provision-tenant.log"].map(PathBuf::from);
        assert_eq!(file_of("etcd", &files), Some(&files[0]));
        assert_eq!(file_of("provision-tenant", &files), Some(&files[1]));
        assert_eq!(file_of("provision", &files), None);
    }
}
