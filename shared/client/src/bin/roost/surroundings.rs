//! What the surroundings say: variables, and where settings are kept.

use std::path::PathBuf;

use etcetera::{BaseStrategy, choose_base_strategy};
use secrecy::SecretString;

/// What was set before the command was called.
pub(crate) struct Surroundings {
    pub(crate) api: Option<String>,
    pub(crate) token: Option<SecretString>,
    pub(crate) project: Option<String>,
    pub(crate) authority: Option<PathBuf>,
    /// Where this user's programs keep their settings.
    pub(crate) settings: Option<PathBuf>,
}

impl Surroundings {
    pub(crate) fn read() -> Self {
        Self {
            api: variable("ROOST_API_URL"),
            token: variable("ROOST_TOKEN").map(SecretString::from),
            project: variable("ROOST_PROJECT"),
            authority: variable("ROOST_CA_FILE").map(PathBuf::from),
            settings: choose_base_strategy().ok().map(|strategy| strategy.config_dir().join("roost")),
        }
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}
