//! The name under which the platform's registry is known in image references.

use serde::{Deserialize, Serialize};

use super::{ImageDigest, ImageReference, Repository};

/// The platform's registry as nodes and builders name it: a host with dots, and a port if it has one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegistryName(String);

/// Why a text is not a registry's name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not a registry name: write a lower-case host with a dot, and a port if it has one")]
pub struct RegistryNameError(String);

impl RegistryName {
    /// Takes a name that an image reference can begin with: one that cannot be read as a part of a repository's name.
    pub fn parse(text: &str) -> Result<Self, RegistryNameError> {
        let read = ImageReference::parse(&format!("{text}/probe"));
        let valid = read.is_ok_and(|reference| reference.registry() == text && text.contains('.'));
        if valid { Ok(Self(text.to_owned())) } else { Err(RegistryNameError(text.chars().take(80).collect())) }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The reference by which a node pulls one image, whatever the tags point to.
    #[must_use]
    pub fn pinned(&self, repository: &Repository, digest: &ImageDigest) -> String {
        format!("{self}/{repository}@{digest}")
    }

    /// The reference under which a build pushes.
    #[must_use]
    pub fn tagged(&self, repository: &Repository, tag: &str) -> String {
        format!("{self}/{repository}:{tag}")
    }
}

impl std::fmt::Display for RegistryName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RegistryName {
    type Error = RegistryNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<RegistryName> for String {
    fn from(name: RegistryName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_name_is_a_host_that_no_reader_takes_for_a_path() {
        for name in ["registry.roost-system.svc:5000", "123456789012.dkr.ecr.eu-central-1.amazonaws.com"] {
            assert_eq!(RegistryName::parse(name).unwrap().as_str(), name);
        }
        for name in ["", "registry", "registry:5000", "Registry.svc", "https://a.b", "a.b/c", "a.b:", "a.b:x", "a..b"] {
            assert!(RegistryName::parse(name).is_err(), "{name:?}");
        }
    }
}
