//! What was asked for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Progress, State};
use crate::naming::{OperationId, ProjectName, TenantId};
use crate::release::ReleaseNumber;

/// Something that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// Its id.
    pub id: OperationId,
    /// Whose it is.
    pub tenant: TenantId,
    /// The project it is about.
    pub project: ProjectName,
    /// What is to come of it.
    pub aim: Aim,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// Who asked.
    pub requested_by: String,
    /// How it ended, and when that was seen; absent until then.
    #[serde(default)]
    pub ended: Option<(Timestamp, Progress)>,
}

/// What is to come of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Aim {
    /// The app is awake.
    Activate {
        /// The epoch in which it began to wake, or was awake.
        epoch: u64,
    },
    /// The project's agent runs for the first time.
    Start,
    /// The app is asleep.
    Deactivate {
        /// The epoch in which it was asked for.
        epoch: u64,
    },
    /// An earlier release runs again.
    RollBack {
        /// Which.
        to: ReleaseNumber,
        /// The event that asks for it.
        cause: String,
    },
    /// A release is stopped.
    Cancel {
        /// Which.
        release: ReleaseNumber,
    },
    /// The project is gone.
    Delete,
}

impl Aim {
    /// Its kind, for people and programs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Activate { .. } | Self::Start => "activate",
            Self::Deactivate { .. } => "deactivate",
            Self::RollBack { .. } => "roll-back",
            Self::Cancel { .. } => "cancel",
            Self::Delete => "delete",
        }
    }
}

impl Operation {
    /// The same operation with how far it was seen to be, if that is its end.
    #[must_use]
    pub fn seen(self, progress: &Progress, now: Timestamp) -> Self {
        let ended = self.ended.clone().or_else(|| progress.state.is_final().then(|| (now, progress.clone())));
        Self { ended, ..self }
    }

    /// Whether it is known how it ended.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended.is_some()
    }
}

impl State {
    /// Whether it never changes again.
    #[must_use]
    pub fn is_final(self) -> bool {
        self != Self::Running
    }
}
