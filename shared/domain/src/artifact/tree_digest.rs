//! What part of a tree holds, as one number that does not depend on how it was packed.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Entry;

/// Changes when the way of counting does.
const VERSION: &[u8] = b"roost-tree-1";

/// The SHA-256 of a tree's names, kinds, executable bits and contents, in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TreeDigest(String);

/// Why a text is not the digest of a tree.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not the digest of a tree: it has 64 lower-case hexadecimal digits")]
pub struct TreeDigestError(String);

impl TreeDigest {
    /// The digest of entries in the order of their paths.
    pub(super) fn of<'a>(entries: impl Iterator<Item = (&'a str, &'a Entry)>) -> Self {
        let mut digest = Sha256::new_with_prefix(VERSION);
        for (path, entry) in entries {
            add_text(&mut digest, path);
            match entry {
                Entry::Directory => digest.update(b"d"),
                Entry::File(file) => {
                    digest.update(if file.executable { b"x" } else { b"f" });
                    digest.update(file.sha256);
                }
                Entry::Symlink(target) => {
                    digest.update(b"l");
                    add_text(&mut digest, target.as_str());
                }
            }
        }
        Self(HEXLOWER.encode(&digest.finalize()))
    }

    /// Takes 64 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, TreeDigestError> {
        let valid = text.len() == 64 && text.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
        if valid { Ok(Self(text.to_owned())) } else { Err(TreeDigestError(text.chars().take(80).collect())) }
    }

    /// The digest as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// With its length before it, so that no text can run into what follows.
fn add_text(digest: &mut Sha256, text: &str) {
    digest.update((text.len() as u64).to_le_bytes());
    digest.update(text);
}

impl std::fmt::Display for TreeDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for TreeDigest {
    type Error = TreeDigestError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<TreeDigest> for String {
    fn from(digest: TreeDigest) -> Self {
        digest.0
    }
}
