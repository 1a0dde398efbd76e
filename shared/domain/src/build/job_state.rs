//! How the Job of a build stands, seen from outside.

use jiff::Timestamp;
use serde::Serialize;

use super::BuildFailureReason;

/// How a build's Job stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum BuildJobState {
    /// It waits for its turn.
    Queued,
    /// It has its turn, and its pod does not run yet.
    Starting {
        /// When it got its turn.
        since: Option<Timestamp>,
        /// What is in the way, in Kubernetes' words, if it says so.
        hindrance: Option<String>,
    },
    /// It runs.
    Running,
    /// It ended by itself: the report says how the build went.
    Ended,
    /// It ended in a way that left it no time to report.
    Broken {
        /// The kind of failure.
        reason: BuildFailureReason,
        /// What Kubernetes says.
        message: String,
    },
}
