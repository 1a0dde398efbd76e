//! The record of a release, and the only ways it may change.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Origin, ReleaseComponent, ReleaseFailure, ReleaseNumber};
use crate::build::Nonce;
use crate::build::queue::WaitingReason;
use crate::finding::Finding;
use crate::naming::{ProjectName, TenantId};

/// More findings than these help nobody, and an item of the table has at most 400 KB.
const MOST_FINDINGS: usize = 100;

/// A release as the platform knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Whose it is.
    pub tenant: TenantId,
    /// Of which project.
    pub project: ProjectName,
    /// Its number there.
    pub number: ReleaseNumber,
    /// How often the record was written; each write names the revision it replaces.
    pub revision: u64,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When the record was last written.
    pub updated_at: Timestamp,
    /// What it came from.
    pub origin: Origin,
    /// Where it stands.
    pub state: ReleaseState,
    /// Its components, once the archive was read.
    pub components: Vec<ReleaseComponent>,
}

/// One try at building a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildAttempt {
    /// 1 for the first.
    pub number: u32,
    /// What a report has to know to be this attempt's.
    pub nonce: Nonce,
}

/// A place in the queue of builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuePlace {
    /// 1 for the next.
    pub position: u32,
    /// What it waits for.
    pub reason: WaitingReason,
}

/// Where a release stands. The last five are terminal: written once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum ReleaseState {
    /// The archive is being checked.
    Received,
    /// Its build waits for its turn.
    Queued {
        /// Which try it is.
        attempt: BuildAttempt,
        /// How many are before it, and why.
        #[serde(default)]
        place: Option<QueuePlace>,
    },
    /// Its images are being built.
    Building {
        /// Which try it is.
        attempt: BuildAttempt,
        /// Since when.
        since: Timestamp,
    },
    /// Its objects are being brought to the cluster.
    RollingOut {
        /// Since when.
        since: Timestamp,
        /// When they were applied; absent until then.
        #[serde(default)]
        applied_at: Option<Timestamp>,
    },
    /// It did not come up; what ran before is being put back.
    Restoring {
        /// Why it did not come up.
        failure: ReleaseFailure,
        /// What ran before, if anything did.
        to: Option<ReleaseNumber>,
    },
    /// It came up.
    Live,
    /// Its archive cannot be used.
    Rejected {
        /// All that is wrong with it.
        findings: Vec<Finding>,
        /// How many more there are than are kept here.
        more: usize,
    },
    /// It was not built, or did not come up.
    Failed {
        /// Why.
        failure: ReleaseFailure,
        /// The release that runs again instead.
        #[serde(default)]
        restored: Option<ReleaseNumber>,
    },
    /// A newer one took its place before it came up.
    Superseded {
        /// Which.
        by: ReleaseNumber,
    },
    /// Its owner took it back.
    Cancelled,
}

impl ReleaseState {
    /// The state's name, for logs and pages.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Queued { .. } => "queued",
            Self::Building { .. } => "building",
            Self::RollingOut { .. } => "rolling-out",
            Self::Restoring { .. } => "restoring",
            Self::Live => "live",
            Self::Rejected { .. } => "rejected",
            Self::Failed { .. } => "failed",
            Self::Superseded { .. } => "superseded",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a release whose archive is not usable.
    #[must_use]
    pub fn rejected(mut findings: Vec<Finding>) -> Self {
        let more = findings.len().saturating_sub(MOST_FINDINGS);
        findings.truncate(MOST_FINDINGS);
        Self::Rejected { findings, more }
    }

    /// The state of a release that is to be brought to the cluster.
    #[must_use]
    pub fn rolling_out(now: Timestamp) -> Self {
        Self::RollingOut { since: now, applied_at: None }
    }

    /// Whether it never changes again.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        matches!(
            self,
            Self::Live | Self::Rejected { .. } | Self::Failed { .. } | Self::Superseded { .. } | Self::Cancelled
        )
    }

    /// The try at building it that is under way.
    #[must_use]
    pub fn attempt(&self) -> Option<&BuildAttempt> {
        match self {
            Self::Queued { attempt, .. } | Self::Building { attempt, .. } => Some(attempt),
            _ => None,
        }
    }

    /// How long it may stay without anybody looking after it.
    fn patience(&self) -> Option<SignedDuration> {
        match self {
            // The queue delivers the upload again three times, each after the longest run of ingest-artifact.
            Self::Received => Some(SignedDuration::from_mins(45)),
            Self::Queued { .. } | Self::Building { .. } => Some(SignedDuration::from_secs(30)),
            Self::RollingOut { .. } | Self::Restoring { .. } => Some(SignedDuration::from_secs(60)),
            _ => None,
        }
    }
}

impl Release {
    /// A release that has just been registered.
    #[must_use]
    pub fn registered(
        (tenant, project, number): (TenantId, ProjectName, ReleaseNumber),
        origin: Origin,
        state: ReleaseState,
        now: Timestamp,
    ) -> Self {
        Self {
            tenant,
            project,
            number,
            revision: 1,
            created_at: now,
            updated_at: now,
            origin,
            state,
            components: Vec::new(),
        }
    }

    /// The same release in another state.
    #[must_use]
    pub fn moved_to(&self, state: ReleaseState, now: Timestamp) -> Self {
        Self { revision: self.revision + 1, updated_at: now, state, ..self.clone() }
    }

    /// The same release with its components as they are now known.
    #[must_use]
    pub fn with_components(self, components: Vec<ReleaseComponent>) -> Self {
        Self { components, ..self }
    }

    /// When somebody has to look after it if nobody did until then; never once it is terminal.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        self.state.patience().map(|patience| self.updated_at.saturating_add(patience).unwrap_or(Timestamp::MAX))
    }

    /// Its name for logs, labels' owners and people: `shop r7`.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.project, self.number)
    }
}
