//! A text of which the whole is known to be right: it can be made by its check only, from a program as from JSON.

/// Declares such a type, with its error and the function that tells whether a text is right.
macro_rules! checked_text {
    ($(#[$documentation:meta])* $name:ident, $error:ident, $is_right:expr) => {
        $(#[$documentation])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a text that is right.
            pub fn parse(text: &str) -> Result<Self, $error> {
                let is_right: fn(&str) -> bool = $is_right;
                if is_right(text) { Ok(Self(text.to_owned())) } else { Err($error(text.chars().take(80).collect())) }
            }

            /// The text.
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
            type Error = $error;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(checked: $name) -> Self {
                checked.0
            }
        }
    };
}

pub(crate) use checked_text;
