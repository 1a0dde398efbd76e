//! Why a call to the registry did not succeed.

use reqwest::StatusCode;
use roost_domain::fault::{Classified, Fault};

use crate::token::TokenError;

/// Why a call to the registry did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// There was no answer, or half of one.
    #[error("unable to {action}: {source}")]
    Call {
        /// What the call was to do.
        action: &'static str,
        /// Why it did not.
        source: reqwest::Error,
    },
    /// The registry answered, but not with what was asked for.
    #[error("unable to {action}: the registry answered {status}")]
    Answer {
        /// What the call was to do.
        action: &'static str,
        /// Its answer.
        status: StatusCode,
    },
    /// The answer is not what registries answer, or is larger than anything read here.
    #[error("unable to {action}: {reason}")]
    Content {
        /// What the call was to do.
        action: &'static str,
        /// What is wrong with the answer.
        reason: String,
    },
    /// There is no token for the call.
    #[error(transparent)]
    Token(#[from] TokenError),
}

impl RegistryError {
    /// Names what a call was to do ("look for an image").
    pub(super) fn during(action: &'static str) -> impl Fn(reqwest::Error) -> Self + Copy {
        // The address is left out: it tells nothing that the action does not.
        move |source| Self::Call { action, source: source.without_url() }
    }
}

impl Classified for RegistryError {
    fn fault(&self) -> Fault {
        match self {
            Self::Call { .. } | Self::Answer { status: StatusCode::TOO_MANY_REQUESTS, .. } => Fault::Passing,
            Self::Answer { status, .. } if status.is_server_error() => Fault::Passing,
            Self::Answer { .. } | Self::Content { .. } => Fault::Ours,
            Self::Token(error) => error.fault(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_that_is_busy_or_starting_is_asked_again() {
        let fault = |code: u16| {
            let status = StatusCode::from_u16(code).unwrap();
            RegistryError::Answer { action: "test", status }.fault()
        };
        assert_eq!([429, 500, 503].map(fault), [Fault::Passing; 3]);
        assert_eq!([400, 401, 403].map(fault), [Fault::Ours; 3]);
    }
}
