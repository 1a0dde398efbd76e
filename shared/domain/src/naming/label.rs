//! Names that users choose inside their own corner: short DNS labels.

use serde::{Deserialize, Serialize};

use super::is_dns_label;

/// Leaves room in a label of 63 bytes for what the platform adds.
const LONGEST: usize = 40;

/// Why a text is not a name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not a name: use 1 to 40 lower-case letters, digits and '-', not at the ends")]
pub struct LabelError(String);

macro_rules! label {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a DNS label of at most 40 bytes.
            pub fn parse(text: &str) -> Result<Self, LabelError> {
                let valid = is_dns_label(text, LONGEST);
                if valid { Ok(Self(text.to_owned())) } else { Err(LabelError(text.chars().take(80).collect())) }
            }

            /// The name as text.
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
            type Error = LabelError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }
    };
}

label! {
    /// A project's name, unique within its tenant.
    ProjectName
}
label! {
    /// The name of one part of a project that has a Dockerfile of its own.
    ComponentName
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_labels_are_names() {
        for name in ["shop", "a", "api-gateway", "0", &"a".repeat(40)] {
            assert_eq!(ProjectName::parse(name).unwrap().as_str(), name);
        }
        for name in ["", "-a", "a-", "A", "a_b", "a.b", "a/b", "..", "ä", "a\n", &"a".repeat(41)] {
            assert!(ProjectName::parse(name).is_err(), "{name:?}");
            assert!(ComponentName::parse(name).is_err(), "{name:?}");
        }
    }
}
