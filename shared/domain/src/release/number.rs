//! A release's number within its project.

use serde::{Deserialize, Serialize};

/// The number of a release: 1 for a project's first. It names an upload or a rollback for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReleaseNumber(u32);

/// Why a text is not a release's number.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not a release; write r and its number, such as r7")]
pub struct ReleaseNumberError(String);

impl ReleaseNumber {
    /// The release with that number, unless it is zero.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        (number > 0).then_some(Self(number))
    }

    /// Reads `r7`.
    pub fn parse(text: &str) -> Result<Self, ReleaseNumberError> {
        let digits = text.strip_prefix('r').filter(|digits| !digits.starts_with(['0', '+']));
        let number = digits.and_then(|digits| digits.parse().ok()).and_then(Self::new);
        number.ok_or_else(|| ReleaseNumberError(text.chars().take(20).collect()))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }

    /// The first number that comes after `last`.
    #[must_use]
    pub fn after(last: Option<Self>) -> Self {
        Self(last.map_or(0, |last| last.0).saturating_add(1))
    }
}

impl std::fmt::Display for ReleaseNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "r{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_as_it_is_written() {
        for number in [1, 7, 4_294_967_295] {
            let release = ReleaseNumber::new(number).unwrap();
            assert_eq!(ReleaseNumber::parse(&release.to_string()), Ok(release));
        }
        for text in ["", "r", "7", "r0", "r07", "r+7", "r-1", "r4294967296", "R7", "r7 "] {
            assert!(ReleaseNumber::parse(text).is_err(), "{text:?}");
        }
    }
}
