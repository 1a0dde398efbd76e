//! The website's id of a user or team, which is also the tenant's.

use serde::{Deserialize, Serialize};

/// The longest value a Kubernetes label may have, in bytes.
const LONGEST: usize = 63;

/// A tenant's immutable id: usable as it stands in a label, a key and a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenantId(String);

/// Why a text is not a tenant id.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error(
    "{0:?} is not a user id: send 1 to 63 letters, digits, '-', '_' or '.', beginning and ending with a letter or digit"
)]
pub struct TenantIdError(String);

impl TenantId {
    /// Takes a text that is a valid Kubernetes label value.
    pub fn parse(text: &str) -> Result<Self, TenantIdError> {
        let inner = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
        let edge = |c: Option<&u8>| c.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = text.as_bytes();
        let valid =
            bytes.len() <= LONGEST && bytes.iter().all(|c| inner(*c)) && edge(bytes.first()) && edge(bytes.last());
        if valid { Ok(Self(text.to_owned())) } else { Err(TenantIdError(text.chars().take(80).collect())) }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for TenantId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for TenantId {
    type Error = TenantIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<TenantId> for String {
    fn from(id: TenantId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_common_websites_are_taken() {
        for id in ["u1", "01J9ZK3V7Q8R4T5W6X7Y8Z9A0B", "7f1c2e9a-8d0b-4c55-9e21-000000000000", "auth0.abc_1"] {
            assert_eq!(TenantId::parse(id).unwrap().as_str(), id);
        }
    }

    #[test]
    fn what_would_leave_a_label_a_key_or_a_path_is_refused() {
        for id in ["", "../x", "a/b", "a#b", "a b", "a\nb", "-a", "a.", "ключ", &"x".repeat(64)] {
            assert!(TenantId::parse(id).is_err(), "{id:?}");
        }
    }
}
