//! What a token allows.

use serde::Serialize;

use crate::repository_name::RepositoryName;

/// What can be done in a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Read manifests, blobs and tags.
    Pull,
    /// Write manifests, blobs and tags.
    Push,
    /// Delete manifests and blobs.
    Delete,
}

/// Actions in one repository, as the registry finds them in a token.
/// <https://distribution.github.io/distribution/spec/auth/jwt/>
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Grant {
    #[serde(rename = "type")]
    kind: &'static str,
    name: RepositoryName,
    actions: Vec<Action>,
}

impl Grant {
    /// Reading.
    #[must_use]
    pub fn pull(repository: impl Into<RepositoryName>) -> Self {
        Self::new(repository, vec![Action::Pull])
    }

    /// Writing, which needs reading: a push asks which blobs are there.
    #[must_use]
    pub fn push(repository: impl Into<RepositoryName>) -> Self {
        Self::new(repository, vec![Action::Pull, Action::Push])
    }

    /// Deleting.
    #[must_use]
    pub fn delete(repository: impl Into<RepositoryName>) -> Self {
        Self::new(repository, vec![Action::Delete])
    }

    fn new(repository: impl Into<RepositoryName>, actions: Vec<Action>) -> Self {
        Self { kind: "repository", name: repository.into(), actions }
    }
}
