//! Tells the person at the terminal what is being done and how long it has taken.

use std::io::{Write, stdout};
use std::time::{Duration, Instant};

#[derive(Clone, Copy)]
pub(crate) struct Progress {
    started: Instant,
}

impl Progress {
    pub(crate) fn start() -> Self {
        Self { started: Instant::now() }
    }

    pub(crate) fn say(self, what: impl AsRef<str>) {
        // Whoever was reading may have gone: that is no reason to stop.
        let _ = writeln!(stdout(), "{:6.1} s  {}", self.started.elapsed().as_secs_f64(), what.as_ref());
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.started.elapsed()
    }
}

/// A duration as a person would say it.
pub(crate) fn about(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..=89 => format!("{seconds} s"),
        seconds => format!("{} min", (seconds + 30) / 60),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::about;

    #[test]
    fn long_durations_are_rounded_to_minutes() {
        assert_eq!(about(Duration::from_secs(40)), "40 s");
        assert_eq!(about(Duration::from_secs(150)), "3 min");
    }
}
