//! The name under which a cluster is registered.

use serde::{Deserialize, Serialize};

use super::is_dns_label;

/// A registered cluster's name: a DNS label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClusterName(String);

/// Why a text is not a cluster's name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not a cluster name: use at most 63 lower-case letters, digits and '-', not at the ends")]
pub struct ClusterNameError(String);

impl ClusterName {
    /// Takes a DNS label.
    pub fn parse(text: &str) -> Result<Self, ClusterNameError> {
        if is_dns_label(text, 63) { Ok(Self(text.to_owned())) } else { Err(ClusterNameError(text.to_owned())) }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ClusterName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ClusterName {
    type Error = ClusterNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<ClusterName> for String {
    fn from(name: ClusterName) -> Self {
        name.0
    }
}
