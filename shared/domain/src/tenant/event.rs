//! What the website says about its users.

use std::num::NonZeroU64;

use serde::{Deserialize, Serialize};

use crate::fault::{Classified, Fault};
use crate::naming::{TenantId, TenantIdError};

/// The website's count of changes to one user: of two events the one with the higher version is the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventVersion(NonZeroU64);

/// The SHA-256 of a mail address, in hexadecimal: enough to recognise it, not to write to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailHash(String);

/// A signup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUp {
    /// The name the user chose: any text.
    pub name: String,
    /// The hash of the user's mail address.
    pub email_hash: EmailHash,
    /// The plan asked for; whether it is on offer is not known here.
    pub plan: String,
}

/// One event on the bus about one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserEvent {
    /// `user.signed-up`
    SignedUp(SignUp),
    /// `user.plan-changed`
    PlanChanged {
        /// The plan asked for.
        plan: String,
    },
    /// `user.deleted`
    Deleted,
}

/// Why an event cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum UserEventError {
    /// The detail type is not one of ours.
    #[error("{0:?} is no event about a user; send user.signed-up, user.plan-changed or user.deleted")]
    UnknownType(String),
    /// The user's id is unusable.
    #[error(transparent)]
    TenantId(#[from] TenantIdError),
    /// The detail lacks something or holds it in another form.
    #[error("the {kind} event's detail is not complete: {source}; see the examples in events/")]
    Detail {
        /// The event's type.
        kind: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

impl Classified for UserEventError {
    fn fault(&self) -> Fault {
        Fault::Users
    }
}

#[derive(Deserialize)]
struct Addressed {
    user_id: String,
    version: EventVersion,
}

#[derive(Deserialize)]
struct SignUpDetail {
    name: String,
    email_hash: EmailHash,
    plan: String,
}

#[derive(Deserialize)]
struct PlanDetail {
    plan: String,
}

impl UserEvent {
    /// Reads an event from its detail type and detail, with the user it is about and its version.
    pub fn parse(kind: &str, detail: &serde_json::Value) -> Result<(TenantId, EventVersion, Self), UserEventError> {
        let event = match kind {
            "user.signed-up" => read(kind, detail)
                .map(|SignUpDetail { name, email_hash, plan }| Self::SignedUp(SignUp { name, email_hash, plan }))?,
            "user.plan-changed" => read(kind, detail).map(|PlanDetail { plan }| Self::PlanChanged { plan })?,
            "user.deleted" => Self::Deleted,
            other => return Err(UserEventError::UnknownType(other.chars().take(80).collect())),
        };
        let Addressed { user_id, version } = read(kind, detail)?;
        Ok((TenantId::parse(&user_id)?, version, event))
    }
}

/// The tenant a detail names, if it names one, so that even an unreadable event is recorded with its tenant.
#[must_use]
pub fn addressee(detail: &serde_json::Value) -> Option<TenantId> {
    TenantId::parse(detail.get("user_id")?.as_str()?).ok()
}

fn read<T: serde::de::DeserializeOwned>(kind: &str, detail: &serde_json::Value) -> Result<T, UserEventError> {
    T::deserialize(detail).map_err(|source| UserEventError::Detail { kind: kind.to_owned(), source })
}

impl EventVersion {
    /// A version, counted from 1.
    #[must_use]
    pub fn new(number: u64) -> Option<Self> {
        NonZeroU64::new(number).map(Self)
    }

    /// The version as a number.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0.get()
    }
}

impl TryFrom<String> for EmailHash {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let valid = text.len() == 64 && text.bytes().all(|c| c.is_ascii_hexdigit());
        if valid { Ok(Self(text)) } else { Err("email_hash must be a SHA-256 in hexadecimal (64 digits)".to_owned()) }
    }
}

impl From<EmailHash> for String {
    fn from(hash: EmailHash) -> Self {
        hash.0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn signup() -> serde_json::Value {
        json!({"user_id": "u1", "name": "Alice", "email_hash": "ab".repeat(32), "plan": "free", "version": 1})
    }

    #[test]
    fn a_signup_is_read_with_its_user_and_version() {
        let (tenant, version, event) = UserEvent::parse("user.signed-up", &signup()).unwrap();
        assert_eq!((tenant.as_str(), version.number()), ("u1", 1));
        assert!(matches!(event, UserEvent::SignedUp(SignUp { name, .. }) if name == "Alice"));
    }

    #[test]
    fn each_missing_or_wrong_field_is_named() {
        for (field, value) in [
            ("plan", json!(null)),
            ("version", json!(0)),
            ("version", json!("latest")),
            ("version", json!(-3)),
            ("email_hash", json!("alice@example.com")),
            ("user_id", json!("../../etc")),
            ("name", json!(["a"])),
        ] {
            let mut detail = signup();
            detail[field] = value.clone();
            let error = UserEvent::parse("user.signed-up", &detail).unwrap_err();
            assert_eq!(error.fault(), Fault::Users, "{field}: {value}");
            let mut detail = signup();
            detail.as_object_mut().unwrap().remove(field);
            let error = UserEvent::parse("user.signed-up", &detail).unwrap_err();
            assert!(error.to_string().contains(field), "{error}");
        }
    }

    #[test]
    fn an_event_of_another_kind_is_refused() {
        let error = UserEvent::parse("user.renamed", &signup()).unwrap_err();
        assert!(error.to_string().contains("user.renamed"));
    }

    #[test]
    fn an_unreadable_event_still_has_an_addressee_where_it_names_one() {
        assert_eq!(addressee(&json!({"user_id": "u1", "version": {}})).unwrap().as_str(), "u1");
        assert!(addressee(&json!({"user_id": "a/b"})).is_none());
        assert!(addressee(&json!("text")).is_none());
    }
}
