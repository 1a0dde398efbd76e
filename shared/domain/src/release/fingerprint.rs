//! What an image depends on, as one digest: a component that has not changed is not built again.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::artifact::{EntryPath, TreeDigest};

/// Changes when the builder does, so that images built by an earlier one are built anew.
const BUILDER: &str = "buildkit-0.33/1";

/// The digest of everything an image is built from. What a Dockerfile fetches is not in it: neither a newer base image
/// of the same name nor a newer package makes a new image by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a context, of the Dockerfile's place relative to it, and of the files that say what is built:
    /// the Dockerfile and the ignore file beside it, if there is one.
    #[must_use]
    pub fn of(
        folder: &EntryPath,
        content: &TreeDigest,
        dockerfile: &EntryPath,
        instructions: &[Option<TreeDigest>; 2],
    ) -> Self {
        // A component that moved within its archive is the same component.
        let place = dockerfile.as_str().strip_prefix(folder.as_str()).unwrap_or(dockerfile.as_str());
        let instructions = instructions.each_ref().map(|file| file.as_ref().map_or("", TreeDigest::as_str));
        let mut digest = Sha256::new();
        for part in [BUILDER, content.as_str(), place].iter().chain(&instructions) {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
        Self(HEXLOWER.encode(&digest.finalize()))
    }

    /// The fingerprint as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
