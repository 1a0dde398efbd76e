//! Why a call came to nothing.

use std::path::PathBuf;

use crate::Problem;

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The platform said no, and why.
    #[error("{0}")]
    Refused(Box<Problem>),
    /// There was no answer.
    #[error("no answer came from {place}")]
    Unreachable {
        /// Whom was asked.
        place: String,
        /// Why not. It names no URL: some are secrets.
        source: reqwest::Error,
    },
    /// There was an answer, and it means nothing to this program.
    #[error("the answer cannot be read: {0}")]
    Unreadable(serde_json::Error),
    /// The store of archives said no.
    #[error("the archive was not taken ({status}): {detail}")]
    NotTaken {
        /// The status of its answer.
        status: u16,
        /// What it said.
        detail: String,
    },
    /// The archive cannot be read any more.
    #[error("the packed archive cannot be read")]
    Archive(#[source] std::io::Error),
    /// The API's address is none.
    #[error("{0:?} is not the address of an API")]
    Address(String),
    /// The token would be readable on its way.
    #[error("{0} is not encrypted, and a token would be readable on its way")]
    InTheClear(String),
    /// The authority cannot be read.
    #[error("the certificate in {path} cannot be read")]
    Authority {
        /// Where it is.
        path: PathBuf,
        /// Why not.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The HTTP client cannot be made.
    #[error("no connection can be prepared")]
    Setup(#[source] reqwest::Error),
    /// The token has characters that no token has.
    #[error("the token is none: it has characters that cannot be sent")]
    UnusableToken,
    /// Archives are sent over the network.
    #[error("a client within the API's own process sends no archives")]
    NoNetwork,
    /// The token is nobody's in particular.
    #[error("the token stands for no single user")]
    NoSingleUser,
}

impl ClientError {
    /// The problem that the platform named.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Refused(problem) => Some(problem),
            _ => None,
        }
    }

    /// Whether there is no such thing, or none that the caller may know of.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.problem().is_some_and(|problem| problem.status == 404)
    }

    /// Whether the same may succeed in a moment.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Refused(problem) => problem.may_pass(),
            Self::Unreachable { .. } => true,
            Self::NotTaken { status, .. } => *status >= 500,
            _ => false,
        }
    }

    /// Whether it is certain that nothing was done.
    pub(crate) fn is_undone(&self) -> bool {
        match self {
            Self::Refused(problem) => matches!(problem.status, 409 | 429),
            Self::Unreachable { source, .. } => source.is_connect(),
            _ => false,
        }
    }
}
