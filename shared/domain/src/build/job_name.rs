//! The name of the Kubernetes Job that builds a release.

use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};

use crate::naming::{ProjectName, TenantId};
use crate::release::ReleaseNumber;

/// 100 bits: no two releases meet, and nobody can choose a name that meets another's.
const HASH_LENGTH: usize = 20;

/// A Job's name, made of the release it builds: a second Job for the same attempt cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BuildJobName(String);

impl BuildJobName {
    /// The name of the Job for that attempt, from 1, at building the release.
    #[must_use]
    pub fn of(tenant: &TenantId, project: &ProjectName, release: ReleaseNumber, attempt: u32) -> Self {
        let hash = BASE32_NOPAD
            .encode(&Sha256::digest(format!("{tenant}/{project}/{release}/{attempt}")))
            .to_ascii_lowercase();
        Self(format!("build-{}", &hash[..HASH_LENGTH]))
    }

    /// The Secret with the order, which only our own program sees.
    #[must_use]
    pub fn order_secret(&self) -> String {
        format!("{self}-io")
    }

    /// The Secret with the right to push.
    #[must_use]
    pub fn registry_secret(&self) -> String {
        format!("{self}-registry")
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for BuildJobName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(tenant: &str, project: &str, release: u32, attempt: u32) -> String {
        let (tenant, project) = (TenantId::parse(tenant).unwrap(), ProjectName::parse(project).unwrap());
        BuildJobName::of(&tenant, &project, ReleaseNumber::new(release).unwrap(), attempt).to_string()
    }

    #[test]
    fn each_attempt_has_a_name_of_its_own_that_kubernetes_takes() {
        let names = [
            name("u1", "shop", 1, 1),
            name("u1", "shop", 1, 2),
            name("u1", "shop", 11, 1),
            name("u1", "shop-1", 1, 1),
            name("U1", "shop", 1, 1),
        ];
        for (index, name) in names.iter().enumerate() {
            assert!(!names[..index].contains(name));
            assert!(
                name.len() == 26 && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
            );
        }
    }
}
