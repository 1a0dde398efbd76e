//! What a build Job is told to do.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Nonce, SignedUrl};
use crate::artifact::{EntryPath, TreeDigest};
use crate::image::{RegistryName, Repository};
use crate::naming::{ComponentName, ProjectName, TenantId};
use crate::release::ReleaseNumber;

/// The order for one release: made when its Job is admitted, and read by nobody but the Job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuildOrder {
    /// Proves that a report comes from who got this order.
    pub nonce: Nonce,
    /// Whose release it is.
    pub tenant: TenantId,
    /// The tenant's project.
    pub project: ProjectName,
    /// The release within the project.
    pub release: ReleaseNumber,
    /// Where the uploaded archive is fetched from.
    pub archive: SignedUrl,
    /// Where log and report are put.
    pub uploads: Uploads,
    /// The registry that images are pushed to.
    pub registry: RegistryName,
    /// Which daemon builds.
    pub builder: Builder,
    /// What is built: only the components that have no image yet.
    pub components: Vec<OrderedComponent>,
    /// The system and architecture that images are for, such as `linux/amd64`.
    pub platform: String,
    /// When the files in the images were made, so that the same content gives the same image.
    pub files_dated: Timestamp,
    /// Keeps the tenant's cache mounts from everybody else's; it cannot be guessed from the tenant's name.
    pub cache_namespace: String,
    /// Names the platform in the images' provenance.
    pub builder_id: String,
    /// The most memory that one step may use.
    pub step_memory_bytes: u64,
    /// How long the components may take, all together, until the build is given up.
    pub limit_seconds: u32,
}

/// The media type of a log: uploads are signed with it.
pub const BUILD_LOG_TYPE: &str = "application/x-ndjson";
/// The media type of a report.
pub const BUILD_REPORT_TYPE: &str = "application/json";

/// Where a build puts what it has to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uploads {
    /// The log so far, overwritten again and again; it is the build's sign of life.
    pub live_log: SignedUrl,
    /// The whole log.
    pub log: SignedUrl,
    /// The report, put last.
    pub report: SignedUrl,
}

/// Which BuildKit daemon builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Builder {
    /// The cluster's.
    #[default]
    Shared,
    /// One of the Job's own, which ends with it.
    Isolated,
}

/// One image to build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderedComponent {
    /// The component's name.
    pub name: ComponentName,
    /// What the Dockerfile may copy from, from the archive's root.
    pub context: EntryPath,
    /// The Dockerfile, from the archive's root.
    pub dockerfile: EntryPath,
    /// What the context held when it was checked.
    pub content: TreeDigest,
    /// How long the last build took, if there was one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expected_ms: Option<u64>,
}

impl BuildOrder {
    /// The name under which a component's image is pushed.
    #[must_use]
    pub fn image(&self, component: &ComponentName) -> String {
        self.tagged(component, &self.release.to_string())
    }

    /// The name under which a component's build cache is kept.
    #[must_use]
    pub fn cache(&self, component: &ComponentName) -> String {
        self.tagged(component, "cache")
    }

    fn tagged(&self, component: &ComponentName, tag: &str) -> String {
        self.registry.tagged(&Repository::of(&self.tenant, &self.project, component), tag)
    }

    /// The parts of the archive that the build needs, and nothing else.
    #[must_use]
    pub fn sources(&self) -> Vec<EntryPath> {
        let of = |component: &OrderedComponent| {
            [Some(component.context.clone()), Some(component.dockerfile.clone()), component.ignore_file()]
        };
        self.components.iter().flat_map(of).flatten().collect()
    }
}

impl OrderedComponent {
    /// The file beside the Dockerfile that BuildKit prefers to the context's `.dockerignore`.
    fn ignore_file(&self) -> Option<EntryPath> {
        EntryPath::parse(&format!("{}.dockerignore", self.dockerfile.as_str())).ok()
    }
}
