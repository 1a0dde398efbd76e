//! Tokens that users make for programs: shown once, kept only as a digest, and good until they end or are taken back.

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Agent;
use crate::naming::{ProjectName, TenantId, TokenId};

/// So that people and scanners know one when they see it.
const PREFIX: &str = "roost_";
/// 256 bits: nobody guesses one, so a plain digest keeps it.
const RANDOM_BYTES: usize = 32;
const LONGEST_NAME: usize = 80;
/// When a token was last used is written down no more often than this.
const BETWEEN_NOTES: SignedDuration = SignedDuration::from_mins(1);

/// A token as it is sent. It is never printed.
#[derive(Clone)]
pub struct TokenText(String);

/// The SHA-256 of a token, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenDigest(String);

/// What its owner calls a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TokenName(String);

/// A text is not in the form of a token.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("this is not a token of this platform")]
pub struct TokenTextError;

/// A text is not a name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a token's name has 1 to {LONGEST_NAME} characters, and none that cannot be seen")]
pub struct TokenNameError;

/// A token as the platform keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// Its id, by which it is listed and taken back.
    pub id: TokenId,
    /// Whose it is.
    pub tenant: TenantId,
    /// What its owner calls it.
    pub name: TokenName,
    /// The one project it is for; absent for all.
    pub project: Option<ProjectName>,
    /// By what it is recognised.
    pub digest: TokenDigest,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is worth nothing.
    pub ends_at: Timestamp,
    /// When it was last used, to the minute; absent if it never was.
    pub last_used_at: Option<Timestamp>,
}

impl TokenText {
    /// A token made of that chance.
    #[must_use]
    pub fn of_entropy(entropy: &[u8; RANDOM_BYTES]) -> Self {
        Self(format!("{PREFIX}{}", BASE32_NOPAD.encode(entropy).to_ascii_lowercase()))
    }

    /// Whether a text claims to be one.
    #[must_use]
    pub fn is_claimed_by(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// Takes a text that [`TokenText::of_entropy`] may have made.
    pub fn parse(text: &str) -> Result<Self, TokenTextError> {
        let digits = text.strip_prefix(PREFIX).ok_or(TokenTextError)?;
        let lower = !digits.bytes().any(|c| c.is_ascii_uppercase());
        let bytes = BASE32_NOPAD.decode(digits.to_ascii_uppercase().as_bytes()).map_err(|_| TokenTextError)?;
        if lower && bytes.len() == RANDOM_BYTES { Ok(Self(text.to_owned())) } else { Err(TokenTextError) }
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self) -> TokenDigest {
        TokenDigest(HEXLOWER.encode(&Sha256::digest(self.0.as_bytes())))
    }

    /// The token itself, to be shown to its owner once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for TokenText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenText(…)")
    }
}

impl TokenDigest {
    /// The digest as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TokenName {
    /// Takes a text of 1 to 80 characters.
    pub fn parse(text: &str) -> Result<Self, TokenNameError> {
        let text = text.trim();
        let valid = (1..=LONGEST_NAME).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if valid { Ok(Self(text.to_owned())) } else { Err(TokenNameError) }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TokenName {
    type Error = TokenNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<TokenName> for String {
    fn from(name: TokenName) -> Self {
        name.0
    }
}

impl ApiToken {
    /// Who comes with it; nobody once it has ended.
    #[must_use]
    pub fn agent(&self, now: Timestamp) -> Option<Agent> {
        let agent = || Agent { owner: self.tenant.clone(), token: self.id.clone(), project: self.project.clone() };
        (now < self.ends_at).then(agent)
    }

    /// Whether it is to be written down that it was used now.
    #[must_use]
    pub fn use_is_news(&self, now: Timestamp) -> bool {
        self.last_used_at.is_none_or(|last| now.duration_since(last) >= BETWEEN_NOTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(ends_in: i64) -> ApiToken {
        ApiToken {
            id: TokenId::parse("01JD6Y4T8Q2M5N7P9R1S3V5X7Z").unwrap(),
            tenant: TenantId::parse("alice").unwrap(),
            name: TokenName::parse("laptop").unwrap(),
            project: None,
            digest: TokenText::of_entropy(&[7; 32]).digest(),
            created_at: Timestamp::UNIX_EPOCH,
            ends_at: Timestamp::from_second(ends_in).unwrap(),
            last_used_at: None,
        }
    }

    #[test]
    fn a_token_is_read_as_it_was_made_and_never_printed() {
        let text = TokenText::of_entropy(&[255; 32]);
        assert_eq!(TokenText::parse(text.expose()).unwrap().digest(), text.digest());
        assert!(text.expose().starts_with("roost_") && text.expose().len() == 58);
        assert!(!format!("{text:?}").contains(&text.expose()[6..]));
    }

    #[test]
    fn what_has_not_the_form_of_a_token_is_none() {
        let good = TokenText::of_entropy(&[1; 32]).expose().to_owned();
        for text in ["", "roost_", "roost_abc", &good[..57], &format!("{good}a"), &good.to_uppercase(), "eyJhbGciOi"] {
            assert!(TokenText::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_token_that_has_ended_is_nobodys() {
        let now = Timestamp::from_second(100).unwrap();
        assert!(token(101).agent(now).is_some());
        assert!(token(100).agent(now).is_none());
    }

    #[test]
    fn its_use_is_written_down_once_a_minute() {
        let now = Timestamp::from_second(1000).unwrap();
        let used = |second| ApiToken { last_used_at: Timestamp::from_second(second).ok(), ..token(2000) };
        assert!(token(2000).use_is_news(now));
        assert!(used(940).use_is_news(now));
        assert!(!used(941).use_is_news(now));
    }

    #[test]
    fn a_name_can_be_seen() {
        assert_eq!(TokenName::parse("  build agent  ").unwrap().as_str(), "build agent");
        for name in ["", "   ", "a\nb", "\u{7}", &"x".repeat(81)] {
            assert!(TokenName::parse(name).is_err(), "{name:?}");
        }
    }
}
