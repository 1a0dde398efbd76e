//! What is about to happen is waited for, but only for a moment: queues keep time in whole seconds, and most apps need
//! less than one to come up. What takes longer is followed by messages, with no function at work.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// It costs less than another run of the function does.
const MOMENT: Duration = Duration::from_millis(2500);
const BETWEEN_LOOKS: Duration = Duration::from_millis(60);

/// The time in which one looks again and again.
pub(crate) struct Moment {
    end: Instant,
}

impl Moment {
    pub(crate) fn begin() -> Self {
        Self { end: Instant::now() + MOMENT }
    }

    /// Pauses until it is time for another look; false once the moment is over.
    pub(crate) async fn pause(&self) -> bool {
        let goes_on = Instant::now() < self.end;
        if goes_on {
            sleep(BETWEEN_LOOKS).await;
        }
        goes_on
    }
}
