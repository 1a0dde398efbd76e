//! Where the Job's containers find things: said by the Job, in environment variables.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use roost_domain::naming::ComponentName;

/// The order, as JSON.
pub const ORDER: &str = "ROOST_ORDER";
/// The folder that both containers share.
pub const WORKSPACE: &str = "ROOST_WORKSPACE";
/// The BuildKit daemon's address.
pub const BUILDER_ADDRESS: &str = "ROOST_BUILDER_ADDRESS";
/// The folder with the certificates to speak to it; not set where it listens on a socket.
pub const BUILDER_CERTIFICATES: &str = "ROOST_BUILDER_CERTIFICATES";
/// The program that speaks to it.
const BUILDCTL: &str = "ROOST_BUILDCTL";

/// What the Job says.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The file with the order.
    pub order: PathBuf,
    /// The folder that both containers share.
    pub workspace: PathBuf,
    /// The daemon's address.
    pub builder_address: OsString,
    /// The folder with the certificates.
    pub builder_certificates: Option<PathBuf>,
    /// The program that speaks to it.
    pub buildctl: PathBuf,
}

/// A variable that the Job has to set and has not.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not set; the Job that runs this has to set it")]
pub struct SettingsError(&'static str);

impl Settings {
    /// Reads the environment.
    pub fn from_environment() -> Result<Self, SettingsError> {
        let wanted = |name| env::var_os(name).ok_or(SettingsError(name));
        Ok(Self {
            order: wanted(ORDER)?.into(),
            workspace: wanted(WORKSPACE)?.into(),
            builder_address: wanted(BUILDER_ADDRESS)?,
            builder_certificates: env::var_os(BUILDER_CERTIFICATES).map(PathBuf::from),
            buildctl: env::var_os(BUILDCTL).map_or_else(|| PathBuf::from("buildctl"), PathBuf::from),
        })
    }

    /// Where the archive is unpacked.
    pub(crate) fn source(&self) -> PathBuf {
        self.workspace.join("source")
    }

    /// Locked for as long as somebody fetches.
    pub(crate) fn fetching(&self) -> PathBuf {
        self.workspace.join("fetching")
    }

    /// What came of fetching.
    pub(crate) fn fetched(&self) -> PathBuf {
        self.workspace.join("fetched.json")
    }

    /// Where buildctl says what it pushed.
    pub(crate) fn metadata_file(&self, component: &ComponentName) -> PathBuf {
        Path::new(&self.workspace).join(format!("{component}.metadata.json"))
    }
}
