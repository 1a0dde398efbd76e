//! What a release came from: an upload, an earlier release, or an agent.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ReleaseNumber;

/// The longest sequencer S3 is known to write has 18 digits; more would be no sequencer.
const LONGEST_SEQUENCER: usize = 64;

/// The order of S3's events about one key: hexadecimal, longer ones padded on the left
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sequencer(String);

/// Why a text is no sequencer.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not the sequencer of an S3 event")]
pub struct SequencerError(String);

impl Sequencer {
    /// Takes 1 to 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, SequencerError> {
        let valid = (1..=LONGEST_SEQUENCER).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_hexdigit());
        if valid { Ok(Self(text.to_ascii_uppercase())) } else { Err(SequencerError(text.chars().take(80).collect())) }
    }

    fn significant(&self) -> &str {
        self.0.trim_start_matches('0')
    }
}

impl PartialOrd for Sequencer {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sequencer {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let (own, other) = (self.significant(), other.significant());
        own.len().cmp(&other.len()).then_with(|| own.cmp(other))
    }
}

impl TryFrom<String> for Sequencer {
    type Error = SequencerError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Sequencer> for String {
    fn from(sequencer: Sequencer) -> Self {
        sequencer.0
    }
}

/// One version of a project's archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// S3's name for this version of the object.
    pub version_id: String,
    /// Its place among the uploads to the same key.
    pub sequencer: Sequencer,
    /// Compressed, in bytes.
    pub size: u64,
    /// When it was uploaded.
    pub at: Timestamp,
}

/// What a release came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Origin {
    /// An archive.
    Upload(Upload),
    /// An earlier release that is to run again.
    Rollback {
        /// Which.
        to: ReleaseNumber,
        /// The event that asked for it.
        cause: String,
    },
    /// An agent's image that the operator allows.
    Agent {
        /// The event that asked for it.
        cause: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequencers_compare_as_numbers_of_any_length() {
        let sequencer = |text| Sequencer::parse(text).unwrap();
        assert!(sequencer("0055AED6DCD90281E5") < sequencer("55AED6DCD90281E6"));
        assert!(sequencer("FF") < sequencer("100"));
        assert!(sequencer("00ff").cmp(&sequencer("FF")).is_eq());
        for text in ["", "xyz", "-1", "0x1", &"1".repeat(65)] {
            assert!(Sequencer::parse(text).is_err(), "{text:?}");
        }
    }
}
