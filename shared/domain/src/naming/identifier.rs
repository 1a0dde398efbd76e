//! Names that the platform itself gives: ULIDs, which sort by the time they were given.

use serde::{Deserialize, Serialize};

/// Digits of a ULID (<https://github.com/ulid/spec>).
const LENGTH: usize = 26;
const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Why a text is not an identifier.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not an id; take it as the platform gave it: 26 digits and capital letters")]
pub struct IdentifierError(String);

macro_rules! identifier {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a ULID as text.
            pub fn parse(text: &str) -> Result<Self, IdentifierError> {
                let valid = text.len() == LENGTH && text.chars().all(|c| ALPHABET.contains(c));
                if valid { Ok(Self(text.to_owned())) } else { Err(IdentifierError(text.chars().take(40).collect())) }
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdentifierError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

identifier! {
    /// Names a token that a user made for an agent; it is no secret.
    TokenId
}
identifier! {
    /// Names something that was asked for and takes its time.
    OperationId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_ulid_is_an_id() {
        assert_eq!(TokenId::parse("01JD6Y4T8Q2M5N7P9R1S3V5X7Z").unwrap().as_str(), "01JD6Y4T8Q2M5N7P9R1S3V5X7Z");
        for text in
            ["", "01JD", "01JD6Y4T8Q2M5N7P9R1S3V5X7z", "01JD6Y4T8Q2M5N7P9R1S3V5X7ZZ", "01JD6Y4T8Q2M5N7P9R1S3V5X#Z"]
        {
            assert!(OperationId::parse(text).is_err(), "{text:?}");
        }
    }
}
