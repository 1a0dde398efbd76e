//! How the platform runs: chosen by the environment of `up`, remembered for every later command.

use std::env;
use std::fmt::{self, Display, Formatter};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

const FILE: &str = "mode.json";

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Mode {
    pub(crate) cluster: Cluster,
    /// Functions are rebuilt and restarted when their source changes.
    pub(crate) watch: bool,
}

/// Whose cluster the platform runs on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Cluster {
    /// Built and started by this program.
    Own,
    /// The one that a kubeconfig leads to.
    Existing { kubeconfig: PathBuf },
}

impl Mode {
    /// What the environment asks for.
    pub(crate) fn wanted() -> anyhow::Result<Self> {
        let (choice, kubeconfig) = (env::var("ROOST_CLUSTER").ok(), env::var("KUBECONFIG").ok());
        let watch = env::var("WATCH").is_ok_and(|value| value == "1");
        Ok(Self { cluster: chosen_cluster(choice.as_deref(), kubeconfig.as_deref())?, watch })
    }

    /// What the last `up` made; `None` before the first.
    pub(crate) fn remembered(state: &Path) -> anyhow::Result<Option<Self>> {
        let file = state.join(FILE);
        match fs::read(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            content => {
                let content = content.with_context(|| format!("{} cannot be read", file.display()))?;
                let mode = serde_json::from_slice(&content);
                mode.map(Some).with_context(|| format!("{} is damaged: remove it", file.display()))
            }
        }
    }

    pub(crate) fn remember(&self, state: &Path) -> anyhow::Result<()> {
        Ok(fs::write(state.join(FILE), serde_json::to_vec(self)?)?)
    }
}

impl Display for Mode {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match &self.cluster {
            Cluster::Own => write!(formatter, "on a cluster of its own")?,
            Cluster::Existing { kubeconfig } => write!(formatter, "on the cluster of {}", kubeconfig.display())?,
        }
        write!(formatter, ", functions {}", if self.watch { "following their source" } else { "as they were built" })
    }
}

fn chosen_cluster(choice: Option<&str>, kubeconfig: Option<&str>) -> anyhow::Result<Cluster> {
    match choice {
        None | Some("" | "own") => Ok(Cluster::Own),
        Some("existing") => {
            // Absolute: later commands are run in other folders.
            let file = kubeconfig.and_then(|file| fs::canonicalize(file).ok()).filter(|file| file.is_file());
            let needed = "ROOST_CLUSTER=existing needs KUBECONFIG to name the kubeconfig file of that cluster";
            Ok(Cluster::Existing { kubeconfig: file.context(needed)? })
        }
        Some(other) => bail!("ROOST_CLUSTER={other:?} is neither \"own\" nor \"existing\""),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Cluster, Mode, chosen_cluster};

    #[test]
    fn somebody_elses_cluster_needs_a_kubeconfig_that_exists() {
        let file = env!("CARGO_MANIFEST_PATH");
        assert_eq!(chosen_cluster(None, Some(file)).unwrap(), Cluster::Own);
        assert_eq!(
            chosen_cluster(Some("existing"), Some(file)).unwrap(),
            Cluster::Existing { kubeconfig: file.into() }
        );
        for kubeconfig in [None, Some("/nowhere/config")] {
            let refused = chosen_cluster(Some("existing"), kubeconfig).unwrap_err();
            assert!(refused.to_string().contains("KUBECONFIG"), "{refused}");
        }
        assert!(chosen_cluster(Some("theirs"), Some(file)).is_err());
    }

    #[test]
    fn a_mode_is_remembered() {
        let state = std::env::temp_dir().join(format!("roost-mode-{}", std::process::id()));
        std::fs::create_dir_all(&state).unwrap();
        assert_eq!(Mode::remembered(&state).unwrap(), None);
        let mode = Mode { cluster: Cluster::Existing { kubeconfig: PathBuf::from("/k") }, watch: true };
        mode.remember(&state).unwrap();
        assert_eq!(Mode::remembered(&state).unwrap(), Some(mode));
        std::fs::remove_dir_all(state).unwrap();
    }
}
