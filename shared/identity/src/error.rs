//! Why a token does not count, and why the issuer's keys are not known.

use roost_domain::fault::{Classified, Fault};
use roost_domain::naming::TenantIdError;

/// Why a token does not say who its bearer is. What is said is what its bearer may know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// It is longer than any that is read.
    #[error("the token is too long")]
    TooLong,
    /// It is no JSON Web Token.
    #[error("the token is not readable")]
    Unreadable,
    /// It is signed in a way that does not count, or not at all.
    #[error("the token is signed by a method that is not accepted")]
    Algorithm,
    /// It does not say which key signed it.
    #[error("the token does not name its key")]
    NoKeyName,
    /// The issuer has no such key.
    #[error("the token's key is not one of its issuer's")]
    UnknownKey,
    /// The signature is not that key's.
    #[error("the token's signature is not valid")]
    Signature,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the token is not valid yet")]
    NotYet,
    /// Somebody else issued it.
    #[error("the token is of another issuer")]
    Issuer,
    /// It is meant for another service.
    #[error("the token is meant for another audience")]
    Audience,
    /// It lacks what every token has.
    #[error("the token does not say all that it has to")]
    Incomplete,
    /// Its subject is no user of this platform's form.
    #[error("the token's subject is no user: {0}")]
    Subject(#[from] TenantIdError),
}

/// Why the issuer's keys are not known.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// It did not answer, or not in the form that it should.
    #[error("unable to read {what} of the issuer: {source}")]
    Read {
        /// What was to be read.
        what: &'static str,
        /// What went wrong.
        source: reqwest::Error,
    },
    /// It answers for another issuer.
    #[error("the issuer's own description names another issuer: {0:?}")]
    OtherIssuer(String),
    /// Its keys or tokens would come over a connection that anybody can change.
    #[error("the issuer names the place {0:?}, which is not as safe as the issuer itself")]
    Unsafe(String),
    /// The description is longer than any such description is.
    #[error("{0} of the issuer is too long")]
    TooLong(&'static str),
    /// The description is not in the form it should be.
    #[error("{what} of the issuer is unreadable: {source}")]
    Form {
        /// What was read.
        what: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// Why nobody can be signed in, or somebody was not.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The issuer does not say where to sign in.
    #[error(transparent)]
    Issuer(#[from] KeysError),
    /// It signs in programs alone.
    #[error("the issuer names no place where people sign in")]
    NotForPeople,
    /// A URL is none.
    #[error("{what} is no URL: {source}")]
    Address {
        /// Which.
        what: &'static str,
        /// What is wrong with it.
        source: oauth2::url::ParseError,
    },
    /// The issuer did not take the code.
    #[error("the issuer gives no token for the code: {0}")]
    Refused(String),
    /// The issuer cannot be asked.
    #[error("the issuer cannot be asked for a token: {0}")]
    Unreachable(String),
}

impl Classified for SignInError {
    fn fault(&self) -> Fault {
        match self {
            Self::Issuer(error) => error.fault(),
            Self::NotForPeople | Self::Address { .. } => Fault::Ours,
            Self::Refused(_) => Fault::Users,
            Self::Unreachable(_) => Fault::Passing,
        }
    }
}

impl Classified for KeysError {
    fn fault(&self) -> Fault {
        match self {
            Self::Read { .. } => Fault::Passing,
            Self::OtherIssuer(_) | Self::Unsafe(_) | Self::TooLong(_) | Self::Form { .. } => Fault::Ours,
        }
    }
}
