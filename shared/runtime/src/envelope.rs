//! A message in a function's queue: an event of the bus, with a count of how often it was put back.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An EventBridge event
/// (<https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html>).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The event's id.
    pub id: String,
    /// Who sent it.
    pub source: String,
    /// What it says, such as `user.signed-up`.
    #[serde(rename = "detail-type")]
    pub detail_type: String,
    /// When it was sent.
    pub time: Timestamp,
    /// What it is about.
    pub detail: serde_json::Value,
    /// How often it was put back because its work could not go on.
    #[serde(default)]
    pub looks: u32,
}

/// A message is no event.
#[derive(Debug, thiserror::Error)]
#[error("the message is not an event of the bus: {0}")]
pub struct EnvelopeError(#[from] serde_json::Error);

impl Envelope {
    /// Reads a message's body.
    pub fn parse(body: &str) -> Result<Self, EnvelopeError> {
        Ok(serde_json::from_str(body)?)
    }

    /// The body with which it is put back.
    #[must_use]
    pub fn put_back(&self) -> String {
        let looks = self.looks.saturating_add(1);
        serde_json::json!(Self { looks, ..self.clone() }).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_was_put_back_is_the_same_event_looked_at_once_more() {
        let body = r#"{"version": "0", "id": "e1", "source": "roost.website", "detail-type": "user.deleted",
            "time": "2026-11-21T12:00:00Z", "detail": {"user_id": "u1", "version": 2}, "account": "000000000000"}"#;
        let first = Envelope::parse(body).unwrap();
        let second = Envelope::parse(&first.put_back()).unwrap();
        assert_eq!((first.looks, second.looks), (0, 1));
        assert_eq!(second, Envelope { looks: 1, ..first });
    }

    #[test]
    fn what_is_no_event_is_refused() {
        for body in ["", "{", "[]", r#"{"id": "e1"}"#, "\u{0}"] {
            assert!(Envelope::parse(body).is_err(), "{body:?}");
        }
    }
}
