//! Journeys that have not ended: who said who they are, and has not come back with the code yet.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use ulid::Ulid;

/// For a redirect.
const LIFETIME: Duration = Duration::from_mins(1);

/// Who is on the way, and what has to be shown at its end.
pub(super) struct Journey {
    pub(super) user: String,
    pub(super) returns_to: String,
    /// The digest of what only the beginner knows.
    pub(super) challenge: String,
}

/// All of them, by their codes.
#[derive(Default)]
pub(super) struct Journeys(Mutex<HashMap<String, (Instant, Journey)>>);

impl Journeys {
    /// Begins one; answers with its code.
    pub(super) fn begin(&self, journey: Journey) -> String {
        let code = Ulid::new().to_string();
        let mut journeys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        journeys.retain(|_, (began, _)| began.elapsed() < LIFETIME);
        journeys.insert(code.clone(), (Instant::now(), journey));
        code
    }

    /// Ends one; answers with the user. A code is good once, whatever else is wrong.
    pub(super) fn end(&self, code: &str, returns_to: &str, secret: &str) -> Option<String> {
        let (began, journey) = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(code)?;
        let is_right = journey.returns_to == returns_to && journey.challenge == challenge_of(secret);
        (is_right && began.elapsed() < LIFETIME).then_some(journey.user)
    }
}

fn challenge_of(secret: &str) -> String {
    BASE64URL_NOPAD.encode(&Sha256::digest(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACK: &str = "https://console.example.com/console/signed-in";

    fn journeys() -> (Journeys, String) {
        let journeys = Journeys::default();
        let journey = Journey { user: "u1".to_owned(), returns_to: BACK.to_owned(), challenge: challenge_of("secret") };
        let code = journeys.begin(journey);
        (journeys, code)
    }

    #[test]
    fn a_code_is_good_once() {
        let (journeys, code) = journeys();
        assert_eq!(journeys.end(&code, BACK, "secret").as_deref(), Some("u1"));
        assert_eq!(journeys.end(&code, BACK, "secret"), None);
    }

    #[test]
    fn a_code_is_worth_nothing_to_whoever_finds_it() {
        for (place, secret) in [(BACK, "other"), ("https://elsewhere.example.com", "secret")] {
            let (journeys, code) = journeys();
            assert_eq!(journeys.end(&code, place, secret), None, "{place} {secret}");
        }
    }
}
