//! How far an event's work came.

use std::time::Duration;

/// How far an event's work came in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Progress {
    /// To its end, of which this is the name in logs.
    Done(&'static str),
    /// It goes on later.
    Later {
        /// After that pause; if absent, after the usual one.
        after: Option<Duration>,
        /// What it waits for, in words for people.
        reason: String,
    },
}

impl Progress {
    pub(crate) fn waiting_for(reason: impl Into<String>) -> Self {
        Self::Later { after: None, reason: reason.into() }
    }
}
