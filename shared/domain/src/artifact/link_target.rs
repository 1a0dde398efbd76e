//! Where a symbolic link says it leads.

use super::{EntryPath, quoted};
use crate::finding::Finding;

/// `PATH_MAX` of Linux, in bytes.
const LONGEST: usize = 4096;

/// A relative link's text. Where it leads is known once all entries are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkTarget(Box<str>);

/// Why a text is not where a link may lead.
#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
pub enum LinkTargetError {
    #[error("is absolute")]
    Absolute,
    #[error("is empty, too long, or has characters that no path here may have")]
    Invalid,
}

impl LinkTarget {
    /// Takes the text of a relative link.
    pub fn parse(text: &str) -> Result<Self, LinkTargetError> {
        let is_invalid =
            text.is_empty() || text.len() > LONGEST || text.contains(|c: char| c == '\\' || c.is_control());
        match text {
            _ if text.starts_with('/') => Err(LinkTargetError::Absolute),
            _ if is_invalid => Err(LinkTargetError::Invalid),
            _ => Ok(Self(text.into())),
        }
    }

    /// The target as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl LinkTargetError {
    /// The fault, told of the link at `path`.
    #[must_use]
    pub fn finding(self, path: &EntryPath, text: &str) -> Finding {
        let code = match self {
            Self::Absolute => "symlink-absolute",
            Self::Invalid => "symlink-invalid",
        };
        let message = format!("The link's target `{}` {self}.", quoted(text));
        Finding::new(code, message, "Make the link relative to its own folder, or put the file in its place.")
            .in_file(quoted(path.as_str()))
    }
}
