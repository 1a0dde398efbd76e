//! Where an app is in its life.

use serde::{Deserialize, Serialize};

/// An app's phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Phase {
    /// It runs, and the gateway leads to it.
    Awake,
    /// It runs, and the gateway leads to the waker, for as long as it takes to be sure that nobody is left.
    Draining,
    /// Nothing of it runs.
    Asleep,
    /// Its workloads are on their way up.
    Waking,
    /// Its workloads did not come up; nothing of it runs until it is tried again.
    Failed,
}

impl Phase {
    /// Its name, as the object has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Awake => "Awake",
            Self::Draining => "Draining",
            Self::Asleep => "Asleep",
            Self::Waking => "Waking",
            Self::Failed => "Failed",
        }
    }

    /// Whether its workloads may be scaled to nothing.
    #[must_use]
    pub fn is_down(self) -> bool {
        matches!(self, Self::Asleep | Self::Failed)
    }
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
