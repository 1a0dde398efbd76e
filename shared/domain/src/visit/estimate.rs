//! How long an app takes to wake, as far as its past tells.

use std::time::Duration;

/// What is told to come back without any history.
const UNKNOWN: Duration = Duration::from_secs(5);
/// Nobody is told to come back sooner, or to stay away for longer.
const SOONEST: u64 = 1;
const LATEST: u64 = 60;

/// How long a wake takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Half of the wakes were faster.
    pub typical: Duration,
    /// Nine of ten wakes were faster.
    pub slow: Duration,
}

impl Estimate {
    /// What the times of the last wakes say, in milliseconds; nothing if there were none.
    #[must_use]
    pub fn of(milliseconds: &[u64]) -> Option<Self> {
        let mut sorted = milliseconds.to_vec();
        sorted.sort_unstable();
        Some(Self { typical: rank(&sorted, 50)?, slow: rank(&sorted, 90)? })
    }

    /// What remains of the time a wake takes typically, or of that of a slow one once the typical is over.
    #[must_use]
    pub fn remaining(&self, elapsed: Duration) -> Duration {
        let typical = self.typical.saturating_sub(elapsed);
        if typical.is_zero() { self.slow.saturating_sub(elapsed) } else { typical }
    }

    /// Whether waiting that long is likely to end with an answer.
    #[must_use]
    pub fn fits(&self, patience: Duration) -> bool {
        self.typical <= patience
    }

    /// The seconds after which to come back (`Retry-After`).
    #[must_use]
    pub fn retry_after(estimate: Option<&Self>, elapsed: Duration) -> u64 {
        let remaining = estimate.map_or(UNKNOWN, |estimate| estimate.remaining(elapsed));
        let whole = remaining.as_secs() + u64::from(remaining.subsec_nanos() > 0);
        whole.clamp(SOONEST, LATEST)
    }
}

/// The smallest time that so many of a hundred do not exceed.
fn rank(sorted: &[u64], percent: usize) -> Option<Duration> {
    let index = (sorted.len() * percent).div_ceil(100).checked_sub(1)?;
    sorted.get(index).copied().map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_past_says_what_is_typical_and_what_is_slow() {
        let estimate = Estimate::of(&[900, 1_000, 5_000, 1_100, 800, 1_000, 1_000, 1_000, 1_000, 9_000]).unwrap();
        assert_eq!(estimate, Estimate { typical: SECOND, slow: 5 * SECOND });
        assert_eq!(Estimate::of(&[1_000]), Some(Estimate { typical: SECOND, slow: SECOND }));
        assert_eq!(Estimate::of(&[]), None);
    }

    #[test]
    fn what_takes_longer_than_typical_is_expected_to_be_a_slow_one() {
        let estimate = Estimate { typical: 2 * SECOND, slow: 8 * SECOND };
        assert_eq!(estimate.remaining(Duration::ZERO), 2 * SECOND);
        assert_eq!(estimate.remaining(3 * SECOND), 5 * SECOND);
        assert_eq!(estimate.remaining(9 * SECOND), Duration::ZERO);
    }

    #[test]
    fn whoever_comes_back_is_told_a_time_that_can_be_kept() {
        let estimate = Estimate { typical: Duration::from_millis(1_200), slow: 300 * SECOND };
        let after = |elapsed| Estimate::retry_after(Some(&estimate), elapsed);
        assert_eq!((after(Duration::ZERO), after(2 * SECOND), after(400 * SECOND)), (2, LATEST, SOONEST));
        assert_eq!(Estimate::retry_after(None, Duration::ZERO), 5);
    }

    #[test]
    fn waiting_makes_sense_when_half_of_the_wakes_would_have_ended() {
        let estimate = Estimate { typical: 50 * SECOND, slow: 90 * SECOND };
        assert!(estimate.fits(55 * SECOND));
        assert!(!estimate.fits(45 * SECOND));
    }
}
