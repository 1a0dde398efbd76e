//! One part of a release, which has an image of its own.

use serde::{Deserialize, Serialize};

use super::{Fingerprint, ReleaseNumber};
use crate::artifact::{EntryPath, TreeDigest};
use crate::image::ImageDigest;
use crate::naming::ComponentName;

/// A component as a release has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseComponent {
    /// Its name.
    pub name: ComponentName,
    /// What the Dockerfile may copy from, from the archive's root.
    pub context: EntryPath,
    /// The Dockerfile, from the archive's root.
    pub dockerfile: EntryPath,
    /// The context's content.
    pub content: TreeDigest,
    /// All that its image depends on; two components with the same one have the same image.
    pub fingerprint: Fingerprint,
    /// Its image, once there is one.
    pub image: Option<ImageDigest>,
    /// The release that built the image.
    pub built_by: Option<ReleaseNumber>,
    /// How long the build took, in milliseconds; the next one's estimate.
    pub built_in_ms: Option<u64>,
}

impl ReleaseComponent {
    /// Whether its image has still to be built.
    #[must_use]
    pub fn is_to_be_built(&self) -> bool {
        self.image.is_none()
    }
}
