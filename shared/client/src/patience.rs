//! How often, and after what pauses, something is asked again.

use std::time::Duration;

use crate::ClientError;

const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A platform that asks for longer pauses is not waited for.
const LONGEST_ASKED_FOR: Duration = Duration::from_secs(90);

/// How often something is asked, with a pause before each time that is twice the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How often in all.
    pub attempts: u32,
    /// The first pause.
    pub first_pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { attempts: 6, first_pause: Duration::from_millis(500) }
    }
}

impl Patience {
    /// How long to wait before the next attempt, if there is to be one after so many.
    pub(crate) fn pause_after(self, attempts: u32, error: &ClientError) -> Option<Duration> {
        if attempts >= self.attempts || !error.may_pass() {
            return None;
        }
        let asked_for = error.problem().and_then(|problem| problem.retry_after);
        let doubled = self.first_pause.saturating_mul(1 << attempts.saturating_sub(1).min(16));
        let pause = asked_for.unwrap_or_default().max(doubled.min(LONGEST_PAUSE));
        (pause <= LONGEST_ASKED_FOR).then_some(pause)
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;
    use crate::Problem;

    fn refused(status: u16, retry_after: Option<u64>) -> ClientError {
        let status = StatusCode::from_u16(status).unwrap();
        ClientError::Refused(Box::new(Problem::of(status, b"", retry_after.map(Duration::from_secs))))
    }

    #[test]
    fn pauses_grow_and_end() {
        let patience = Patience::default();
        let pauses: Vec<_> = (1..=6).map(|attempt| patience.pause_after(attempt, &refused(503, None))).collect();
        let milliseconds: Vec<_> = pauses.into_iter().map(|pause| pause.map(|pause| pause.as_millis())).collect();
        assert_eq!(milliseconds, [Some(500), Some(1_000), Some(2_000), Some(4_000), Some(8_000), None]);
    }

    #[test]
    fn the_platform_says_how_long() {
        let patience = Patience::default();
        assert_eq!(patience.pause_after(1, &refused(429, Some(60))), Some(Duration::from_mins(1)));
        assert_eq!(patience.pause_after(1, &refused(429, Some(3_600))), None);
    }

    #[test]
    fn a_no_stays_a_no() {
        for status in [400, 401, 403, 404, 409, 422, 500] {
            assert_eq!(Patience::default().pause_after(1, &refused(status, None)), None, "{status}");
        }
    }
}
