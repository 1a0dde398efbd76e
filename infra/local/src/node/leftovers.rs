//! Looks for anything of an instance that outlived it.

use std::fs;
use std::path::Path;

use super::{cgroup, network};
use crate::instance::Instance;
use crate::mode::Cluster;

/// What is left, in words; empty when nothing is.
pub(crate) fn find(instance: &Instance) -> anyhow::Result<Vec<String>> {
    let mut found = processes(&instance.state)?;
    found.extend(mounts(&fs::read_to_string("/proc/self/mounts")?, &instance.state));
    if instance.mode.cluster == Cluster::Own {
        if network::link_exists(&instance.link_name()) {
            found.push(format!("the network link {}", instance.link_name()));
        }
        let groups = cgroup::groups(instance)?.into_iter().filter(|group| group.exists());
        found.extend(groups.map(|group| format!("the control group {}", group.display())));
    }
    Ok(found)
}

/// Every part was started from the instance's folder, or with a file of it as an argument.
fn processes(state: &Path) -> anyhow::Result<Vec<String>> {
    let state = state.display().to_string();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")?.filter_map(Result::ok) {
        let is_process = entry.file_name().to_str().is_some_and(|name| name.parse::<u32>().is_ok());
        let command = fs::read_to_string(entry.path().join("cmdline")).unwrap_or_default();
        if is_process && command.split('\0').any(|argument| is_below(argument, &state)) {
            found.push(format!("process {}: {}", entry.file_name().display(), command.replace('\0', " ")));
        }
    }
    Ok(found)
}

/// Links, mounts and rules inside the node went with its namespaces; these would have been made outside.
fn mounts(table: &str, state: &Path) -> Vec<String> {
    let points = table.lines().filter_map(|line| line.split(' ').nth(1));
    points.filter(|point| Path::new(point).starts_with(state)).map(|point| format!("the mount {point}")).collect()
}

fn is_below(argument: &str, folder: &str) -> bool {
    argument.split_once(folder).is_some_and(|(before, after)| {
        after.starts_with("/bin/") && before.is_empty() || after.starts_with('/') && before.ends_with('=')
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{is_below, mounts};

    #[test]
    fn only_mounts_of_this_instance_count() {
        let table = "proc /proc proc rw 0 0\ntmpfs /s/dev/kubelet/x tmpfs rw 0 0\ntmpfs /s/dev2/y tmpfs rw 0 0\n";
        assert_eq!(mounts(table, Path::new("/s/dev")), ["the mount /s/dev/kubelet/x"]);
    }

    #[test]
    fn a_part_is_known_by_its_program_or_its_configuration() {
        assert!(is_below("/s/dev/bin/etcd", "/s/dev"));
        assert!(is_below("--config=/s/dev/kubelet.yaml", "/s/dev"));
        assert!(!is_below("--config=/s/dev2/kubelet.yaml", "/s/dev"));
        assert!(!is_below("vim", "/s/dev"));
    }
}
