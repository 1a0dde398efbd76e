//! What ties a report to its order.

use serde::{Deserialize, Serialize};

/// Fewer could be guessed.
const SHORTEST: usize = 16;
const LONGEST: usize = 128;

/// A text that only the platform and one build Job know.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nonce(String);

/// Why a text is not a nonce.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a nonce has 16 to 128 letters and digits")]
pub struct NonceError;

impl Nonce {
    /// Takes 16 to 128 ASCII letters and digits.
    pub fn parse(text: &str) -> Result<Self, NonceError> {
        let valid = (SHORTEST..=LONGEST).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_alphanumeric());
        if valid { Ok(Self(text.to_owned())) } else { Err(NonceError) }
    }

    /// The nonce as text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Nonce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Nonce(…)")
    }
}

impl TryFrom<String> for Nonce {
    type Error = NonceError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Nonce> for String {
    fn from(nonce: Nonce) -> Self {
        nonce.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_odd_texts_are_refused_and_nothing_is_printed() {
        for text in ["", "short", "with space 0123456789", &"x".repeat(129)] {
            assert_eq!(Nonce::parse(text), Err(NonceError));
        }
        let nonce = Nonce::parse("0123456789abcdef").unwrap();
        assert_eq!(format!("{nonce:?}"), "Nonce(…)");
    }
}
