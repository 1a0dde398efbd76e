//! How long work that cannot go on stays in its queue before it is looked at again.

use std::time::Duration;

/// The longest a run of a function can take: its timeout in infra/template.yaml, and some more for clocks.
pub const LONGEST_RUN: Duration = Duration::from_secs(35);

const PAUSES_IN_SECONDS: [u64; 8] = [1, 1, 2, 5, 15, 30, 60, 120];
/// SQS delays a message by at most 15 minutes; a namespace that is stuck for long is looked at this often.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// The pause before the next look, after `looks` earlier ones.
#[must_use]
pub fn pause(looks: u32) -> Duration {
    usize::try_from(looks)
        .ok()
        .and_then(|looks| PAUSES_IN_SECONDS.get(looks))
        .map_or(LONGEST_PAUSE, |seconds| Duration::from_secs(*seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_within_what_a_queue_can_delay() {
        assert_eq!(pause(0), Duration::from_secs(1));
        assert!((0..20).all(|looks| pause(looks) <= pause(looks + 1)));
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }
}
