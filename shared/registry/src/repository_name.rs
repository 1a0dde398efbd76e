//! Names of repositories as the registry takes them.

use roost_domain::image::Repository;
use serde::Serialize;

/// The registry refuses longer ones.
const LONGEST: usize = 255;

/// A name in the registry's grammar: no part of it can mean anything but itself.
/// <https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests>
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct RepositoryName(String);

/// Why a text is not a repository's name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "{0:?} is not a repository: write parts of lower-case letters and digits, joined by '.', '_', '__' or '-', \
         with '/' between them"
)]
pub struct RepositoryNameError(String);

impl RepositoryName {
    /// Takes a name in the registry's grammar.
    pub fn parse(text: &str) -> Result<Self, RepositoryNameError> {
        let valid = text.len() <= LONGEST && text.split('/').all(is_part);
        if valid { Ok(Self(text.to_owned())) } else { Err(RepositoryNameError(text.chars().take(80).collect())) }
    }

    /// Whether the name lies below `folder`: `ab` has `ab/x`, and neither `abc/x` nor `ab`.
    #[must_use]
    pub fn is_below(&self, folder: &str) -> bool {
        !folder.is_empty() && self.0.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Repository> for RepositoryName {
    fn from(repository: Repository) -> Self {
        Self::from(&repository)
    }
}

impl From<&Repository> for RepositoryName {
    fn from(repository: &Repository) -> Self {
        Self(repository.as_str().to_owned())
    }
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn is_part(part: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let separators: Vec<&str> = part.split(is_letter).filter(|between| !between.is_empty()).collect();
    let joins = |text: &&str| matches!(*text, "." | "_" | "__") || text.bytes().all(|c| c == b'-');
    part.starts_with(is_letter) && part.ends_with(is_letter) && separators.iter().all(joins)
}

impl std::fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registrys_grammar_is_kept() {
        for name in ["a", "alice---mfrggzdfmz/shop/web", "a.b/c_d/e__f/g-h", "0/1"] {
            assert_eq!(RepositoryName::parse(name).unwrap().as_str(), name);
        }
        let long = "a".repeat(256);
        for name in [
            "", "/a", "a/", "a//b", "a/../b", ".", "A", "a b", "a:b", "a/-b", "a_-b", "a___b", "a..b", "ä", "a\n",
            &long,
        ] {
            assert!(RepositoryName::parse(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn a_folder_ends_at_a_slash() {
        let is_below = |name: &str, folder| RepositoryName::parse(name).unwrap().is_below(folder);
        assert!(is_below("ab/shop/web", "ab"));
        assert!(is_below("ab/shop/web", "ab/shop"));
        for (name, folder) in [("abc/shop", "ab"), ("ab", "ab"), ("ab-c/shop", "ab"), ("x/ab/shop", "ab"), ("ab/x", "")]
        {
            assert!(!is_below(name, folder), "{name} below {folder}");
        }
    }
}
