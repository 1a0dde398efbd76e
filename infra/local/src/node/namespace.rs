//! Starts programs in namespaces of their own, which end with the process that asked for them.

use std::env;
use std::path::Path;

use tokio::process::Command;

use crate::command::program;
use crate::instance::Instance;
use crate::mode::Cluster;

/// A private /run: containerd's sockets and locks there would meet those of the host and of other instances.
const WITH_PRIVATE_RUN: &str = "mount -t tmpfs -o mode=755 tmpfs /run && exec \"$@\"";

/// A command in a mount and a process namespace. When its starter dies the kernel kills `unshare`; with `unshare` goes
/// the namespace's first process, and with that every process in the namespace.
pub(crate) fn isolated(executable: &Path) -> Command {
    with_private_run(executable, &[])
}

/// The node's command. On the host's network where the cluster is somebody else's, and with the host's /run, where the
/// resolver's configuration may be that leads to that cluster.
pub(super) fn node(instance: &Instance, executable: &Path) -> Command {
    match instance.mode.cluster {
        Cluster::Own => with_private_run(executable, &["--net"]),
        Cluster::Existing { .. } => {
            let mut command = unshare(&[]);
            command.arg(executable);
            command
        }
    }
}

fn with_private_run(executable: &Path, namespaces: &[&str]) -> Command {
    let mut command = unshare(namespaces);
    command.args(["sh", "-c", WITH_PRIVATE_RUN, "sh"]).arg(executable);
    command
}

fn unshare(namespaces: &[&str]) -> Command {
    let mut command = program("setpriv", &["--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--mount-proc"]);
    command.args(["--fork", "--kill-child"]).args(namespaces);
    // The first process of a process namespace inherits orphans, such as containerd's shims, and has to reap them.
    command.args(["--", "catatonit", "--"]);
    command
}

/// The platform's own programs come first.
pub(crate) fn search_path(instance: &Instance) -> String {
    let inherited = env::var("PATH").unwrap_or_default();
    format!("{}:/usr/local/sbin:/usr/sbin:/sbin:{inherited}", instance.programs().display())
}
