//! Events about a release, by which one function's work becomes the next one's.

use roost_domain::naming::{ProjectName, TenantId};
use roost_domain::release::{Release, ReleaseNumber};
use serde::{Deserialize, Serialize};

/// All images of a release are there: it can be brought to the cluster.
pub const RELEASE_BUILT: &str = "release.built";
/// Somebody should see how far a release is.
pub const RELEASE_LOOK: &str = "release.look";

/// Which release an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseEvent {
    /// Whose it is.
    pub tenant: TenantId,
    /// Of which project.
    pub project: ProjectName,
    /// Its number.
    pub release: ReleaseNumber,
}

impl From<&Release> for ReleaseEvent {
    fn from(release: &Release) -> Self {
        Self { tenant: release.tenant.clone(), project: release.project.clone(), release: release.number }
    }
}
