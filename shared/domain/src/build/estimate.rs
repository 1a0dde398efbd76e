//! How far a build is, and how long it will probably still take.

use super::Happening;

/// Nothing is finished before it is finished.
const MOST: u64 = 99;

/// What is known of a component's build while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Since its beginning.
    pub elapsed_ms: u64,
    /// How long the last build took, if there was one.
    pub expected_ms: Option<u64>,
    /// Steps that are done.
    pub steps_done: u32,
    /// Steps that are known so far.
    pub steps_known: u32,
}

/// Judges by the last build's time; without one, or once that is over, by the steps.
#[must_use]
pub fn estimate(standing: &Standing) -> Happening {
    let by_steps = share(standing.steps_done.into(), standing.steps_known.into());
    let expected = standing.expected_ms.filter(|expected| *expected > standing.elapsed_ms);
    let percent = expected.map_or(by_steps, |expected| share(standing.elapsed_ms, expected));
    let remaining_ms = standing.expected_ms.map(|expected| expected.saturating_sub(standing.elapsed_ms));
    Happening::Progress { percent, remaining_ms }
}

fn share(part: u64, whole: u64) -> u8 {
    let percent = (part.saturating_mul(100)).checked_div(whole).unwrap_or(0).min(MOST);
    u8::try_from(percent).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(elapsed_ms: u64, expected_ms: Option<u64>, steps_done: u32, steps_known: u32) -> (u8, Option<u64>) {
        match estimate(&Standing { elapsed_ms, expected_ms, steps_done, steps_known }) {
            Happening::Progress { percent, remaining_ms } => (percent, remaining_ms),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_last_build_tells_how_long_it_takes() {
        assert_eq!(at(2_500, Some(10_000), 0, 4), (25, Some(7_500)));
    }

    #[test]
    fn a_first_build_and_one_that_takes_longer_are_judged_by_their_steps() {
        assert_eq!(at(2_500, None, 3, 4), (75, None));
        assert_eq!(at(20_000, Some(10_000), 3, 4), (75, Some(0)));
        assert_eq!(at(0, None, 0, 0), (0, None));
    }

    #[test]
    fn it_is_never_told_to_be_finished_while_it_runs() {
        assert_eq!(at(9_999, Some(10_000), 4, 4).0, 99);
        assert_eq!(at(1, None, 4, 4).0, 99);
    }
}
