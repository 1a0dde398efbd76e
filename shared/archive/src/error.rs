//! Why an archive was not read, or not unpacked.

use std::io;
use std::path::PathBuf;

use roost_domain::fault::{Classified, Fault};
use roost_domain::finding::Finding;

/// Why an archive was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The bytes did not arrive.
    #[error("unable to read the archive: {0}")]
    Source(#[source] io::Error),
    /// The archive breaks rules: for [`crate::inspect`], so that it cannot be read on; for the others, any.
    #[error("the archive breaks {} rules; the first: {}", findings.len(), Shown(findings.first()))]
    Refused {
        /// What is wrong with it.
        findings: Vec<Finding>,
    },
}

/// Why an archive was not unpacked.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// The archive was not read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The destination was used before, so its content would mix with the archive's.
    #[error("unable to unpack into {0}: it is not empty")]
    NotEmpty(PathBuf),
    /// The destination did not take what was written.
    #[error("unable to write {path}: {source}")]
    Write {
        /// The path in the destination.
        path: String,
        /// What the system said.
        source: io::Error,
    },
}

/// Why reading ends before the archive does.
#[derive(Debug)]
pub(crate) enum Stop {
    Source(io::Error),
    Refused(Finding),
}

struct Shown<'a>(Option<&'a Finding>);

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.map_or(Ok(()), |finding| finding.fmt(f))
    }
}

impl Classified for ReadError {
    fn fault(&self) -> Fault {
        match self {
            Self::Source(_) => Fault::Passing,
            Self::Refused { .. } => Fault::Users,
        }
    }
}

impl Classified for UnpackError {
    fn fault(&self) -> Fault {
        match self {
            Self::Read(error) => error.fault(),
            Self::NotEmpty(_) | Self::Write { .. } => Fault::Ours,
        }
    }
}
