//! URLs that carry the right to use them.

use serde::{Deserialize, Serialize};

/// A presigned URL. Whoever has it may use it, so it never appears in a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SignedUrl(String);

impl SignedUrl {
    /// Takes a URL with its signature.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// The URL with its signature, for the request.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SignedUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = self.0.split('?').next().unwrap_or_default();
        write!(f, "SignedUrl({place}?…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_only_the_place() {
        let url = SignedUrl::new("https://bucket.s3.amazonaws.com/results/u1/shop/r1.json?X-Amz-Signature=abc");
        let printed = format!("{url:?}");
        assert!(printed.contains("results/u1/shop/r1.json") && !printed.contains("X-Amz"), "{printed}");
    }
}
