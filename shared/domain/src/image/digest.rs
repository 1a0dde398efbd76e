//! The digest of an image's manifest, which names one image for ever.

use serde::{Deserialize, Serialize};

const ALGORITHM: &str = "sha256:";
const HEX_DIGITS: usize = 64;

/// `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImageDigest(String);

/// Why a text is not a digest.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not an image digest: write `sha256:` and 64 lower-case hexadecimal digits")]
pub struct ImageDigestError(String);

impl ImageDigest {
    /// Takes a SHA-256 digest as registries write it.
    pub fn parse(text: &str) -> Result<Self, ImageDigestError> {
        let hex = text.strip_prefix(ALGORITHM).unwrap_or_default();
        let valid = hex.len() == HEX_DIGITS && hex.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
        if valid { Ok(Self(text.to_owned())) } else { Err(ImageDigestError(text.chars().take(80).collect())) }
    }

    /// The digest as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ImageDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ImageDigest {
    type Error = ImageDigestError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<ImageDigest> for String {
    fn from(digest: ImageDigest) -> Self {
        digest.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lower_case_sha256_digests_are_taken() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        assert_eq!(ImageDigest::parse(&digest).unwrap().as_str(), digest);
        let (short, upper, other) = (&digest[..70], digest.to_uppercase(), digest.replace("sha256", "sha512"));
        for text in ["", "sha256:", short, &upper, &other, &digest[7..], &format!("{digest}\n")] {
            assert!(ImageDigest::parse(text).is_err(), "{text:?}");
        }
    }
}
