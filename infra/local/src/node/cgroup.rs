//! The control groups that hold the instance's pods.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use tokio::time::{Instant, sleep};

use crate::instance::Instance;

const MOUNT: &str = "/sys/fs/cgroup";
/// The kernel keeps a group until its last process is reaped.
const REMOVAL_LIMIT: Duration = Duration::from_secs(10);

pub(crate) fn name(instance: &Instance) -> String {
    format!("roost-{}", instance.name)
}

/// The instance's group in each hierarchy: one in version 2, one for each controller in version 1.
pub(crate) fn groups(instance: &Instance) -> anyhow::Result<Vec<PathBuf>> {
    Ok(hierarchies()?.into_iter().map(|hierarchy| hierarchy.join(name(instance))).collect())
}

/// The kubelet demands that its root group exists.
pub(super) fn create(instance: &Instance) -> anyhow::Result<()> {
    for hierarchy in hierarchies()? {
        let group = hierarchy.join(name(instance));
        fs::create_dir_all(&group).with_context(|| format!("{} cannot be made", group.display()))?;
        // A new cpuset group of version 1 is empty and lets no process in.
        for setting in ["cpuset.cpus", "cpuset.mems"] {
            if hierarchy.ends_with("cpuset") {
                fs::write(group.join(setting), fs::read(hierarchy.join(setting))?)?;
            }
        }
    }
    Ok(())
}

pub(super) async fn remove(instance: &Instance) -> anyhow::Result<()> {
    let deadline = Instant::now() + REMOVAL_LIMIT;
    for group in groups(instance)? {
        while let Err(error) = remove_tree(&group) {
            if Instant::now() > deadline {
                return Err(error).with_context(|| format!("{} cannot be removed", group.display()));
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
    Ok(())
}

fn hierarchies() -> anyhow::Result<Vec<PathBuf>> {
    let mount = Path::new(MOUNT);
    if mount.join("cgroup.controllers").exists() {
        return Ok(vec![mount.to_path_buf()]);
    }
    let folders = fs::read_dir(mount).context("/sys/fs/cgroup cannot be read: the platform needs control groups")?;
    // A link names a hierarchy with two controllers a second time.
    let folders = folders.filter_map(Result::ok).filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    Ok(folders.map(|entry| entry.path()).collect())
}

/// Groups are removed as folders, the innermost first; the files in them are not removed.
fn remove_tree(group: &Path) -> std::io::Result<()> {
    let entries = match fs::read_dir(group) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_tree(&entry.path())?;
        }
    }
    fs::remove_dir(group)
}
