//! Names that the platform itself gives: ULIDs, which sort by the time they were given.

use super::checked_text::checked_text;

/// Digits of a ULID (<https://github.com/ulid/spec>).
const LENGTH: usize = 26;
const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Why a text is not an identifier.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not an id; take it as the platform gave it: 26 digits and capital letters")]
pub struct IdentifierError(String);

fn is_ulid(text: &str) -> bool {
    text.len() == LENGTH && text.chars().all(|c| ALPHABET.contains(c))
}

checked_text! {
    /// Names a token that a user made for an agent; it is no secret.
    TokenId, IdentifierError, is_ulid
}
checked_text! {
    /// Names something that was asked for and takes its time.
    OperationId, IdentifierError, is_ulid
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
