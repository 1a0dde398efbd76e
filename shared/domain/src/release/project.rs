//! A project: what is uploaded under one name, and runs at one address.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ReleaseNumber, Sequencer};
use crate::address::Address;
use crate::agent::ProjectAgent;
use crate::naming::{ProjectName, TenantId};

/// A project as the platform knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Whose it is.
    pub tenant: TenantId,
    /// Its name, unique within its tenant.
    pub name: ProjectName,
    /// How often the record was written; each write names the revision it replaces.
    pub revision: u64,
    /// When its first release was registered.
    pub created_at: Timestamp,
    /// When the record was last written.
    pub updated_at: Timestamp,
    /// The last number given to a release.
    pub last: Option<ReleaseNumber>,
    /// The newest upload that was seen; older ones that come later are superseded.
    pub newest_upload: Option<Sequencer>,
    /// The newest release that passed its checks: those before it are not wanted any more.
    pub wanted: Option<ReleaseNumber>,
    /// The newest release that was applied to the cluster, whether it came up or not.
    pub applied: Option<ReleaseNumber>,
    /// The release that runs.
    pub live: Option<ReleaseNumber>,
    /// Where it is reached; claimed with the first release that has a route, and kept.
    pub address: Option<Address>,
    /// Since when it is being taken away, if it is.
    #[serde(default)]
    pub leaving_since: Option<Timestamp>,
    /// The agent that it runs; absent for one that archives are uploaded to.
    #[serde(default)]
    pub agent: Option<ProjectAgent>,
}

impl Project {
    /// A project of which nothing is there yet.
    #[must_use]
    pub fn new(tenant: TenantId, name: ProjectName, now: Timestamp) -> Self {
        Self {
            tenant,
            name,
            revision: 0,
            created_at: now,
            updated_at: now,
            last: None,
            newest_upload: None,
            wanted: None,
            applied: None,
            live: None,
            address: None,
            leaving_since: None,
            agent: None,
        }
    }

    /// The same project with the next release's number given away.
    #[must_use]
    pub fn with_next_release(&self, upload: Option<&Sequencer>, now: Timestamp) -> (Self, ReleaseNumber) {
        let number = ReleaseNumber::after(self.last);
        let newest_upload = self.newest_upload.clone().max(upload.cloned());
        (Self { last: Some(number), newest_upload, ..self.changed(now) }, number)
    }

    /// The same project, wanting a release that passed its checks.
    #[must_use]
    pub fn wanting(&self, number: ReleaseNumber, now: Timestamp) -> Self {
        Self { wanted: self.wanted.max(Some(number)), ..self.changed(now) }
    }

    /// The same project, with a release about to be applied.
    #[must_use]
    pub fn applying(&self, number: ReleaseNumber, now: Timestamp) -> Self {
        Self { applied: self.applied.max(Some(number)), ..self.changed(now) }
    }

    /// The same project with a release running.
    #[must_use]
    pub fn running(&self, number: ReleaseNumber, now: Timestamp) -> Self {
        Self { live: Some(number), ..self.changed(now) }
    }

    /// The same project at an address.
    #[must_use]
    pub fn at(&self, address: Address, now: Timestamp) -> Self {
        Self { address: Some(address), ..self.changed(now) }
    }

    /// The same project, on its way out.
    #[must_use]
    pub fn leaving(&self, now: Timestamp) -> Self {
        Self { leaving_since: self.leaving_since.or(Some(now)), ..self.changed(now) }
    }

    /// Whether an upload came after all that were seen.
    #[must_use]
    pub fn is_newest(&self, upload: &Sequencer) -> bool {
        self.newest_upload.as_ref().is_none_or(|newest| upload >= newest)
    }

    fn changed(&self, now: Timestamp) -> Self {
        Self { revision: self.revision + 1, updated_at: now, ..self.clone() }
    }
}
