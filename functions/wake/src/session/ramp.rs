//! The door between waiting requests and an app that has just started: they go through in the order in which they
//! came, few at first, and twice as many with every answer or moment, as a fresh process would stumble over all at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many go through at first.
const FIRST: usize = 8;
/// From here on nobody waits.
const ALL: usize = 1 << 15;
/// Answers may take long; the door opens wider without them.
const PERIOD: Duration = Duration::from_millis(50);

/// A door that is closed at first.
#[derive(Debug)]
pub(super) struct Ramp {
    turns: Arc<Semaphore>,
    width: AtomicUsize,
}

/// Leave to send a request, given up when its answer begins.
#[derive(Debug)]
pub struct Turn {
    ramp: Arc<Ramp>,
    permit: OwnedSemaphorePermit,
}

/// Nobody goes through any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Closed;

impl Ramp {
    pub(super) fn new() -> Self {
        Self { turns: Arc::new(Semaphore::new(0)), width: AtomicUsize::new(0) }
    }

    /// Waits for a turn.
    pub(super) async fn turn(self: &Arc<Self>) -> Result<Turn, Closed> {
        let permit = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| Closed)?;
        Ok(Turn { ramp: Arc::clone(self), permit })
    }

    /// Lets the first ones through, and then more and more; a door that is open stays so.
    pub(super) fn open(self: &Arc<Self>) {
        if self.width.compare_exchange(0, FIRST, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            self.turns.add_permits(FIRST);
            tokio::spawn(widen(Arc::downgrade(self)));
        }
    }

    /// Sends away whoever waits.
    pub(super) fn close(&self) {
        self.turns.close();
    }

    /// Answers whether that was all there is to do.
    fn widen_by(&self, more: impl Fn(usize) -> usize) -> bool {
        let widened = |width: usize| (width < ALL).then(|| width.saturating_add(more(width)).min(ALL));
        let before = self.width.fetch_update(Ordering::AcqRel, Ordering::Acquire, widened);
        let Ok(before) = before else { return true };
        let after = widened(before).unwrap_or(before);
        self.turns.add_permits(after - before);
        after == ALL
    }
}

async fn widen(ramp: Weak<Ramp>) {
    loop {
        tokio::time::sleep(PERIOD).await;
        let Some(ramp) = ramp.upgrade() else { return };
        if ramp.widen_by(|width| width) {
            return;
        }
    }
}

impl Turn {
    /// The app has begun to answer: one more may go through from now on.
    pub fn answered(self) {
        self.ramp.widen_by(|_| 1);
        drop(self.permit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many go through at once while nobody is answered.
    fn go_through(ramp: &Ramp) -> usize {
        std::iter::from_fn(|| ramp.turns.try_acquire().ok().map(tokio::sync::SemaphorePermit::forget)).count()
    }

    #[tokio::test]
    async fn more_go_through_with_every_moment() {
        let ramp = Arc::new(Ramp::new());
        assert_eq!(go_through(&ramp), 0);
        ramp.open();
        ramp.open();
        assert_eq!(go_through(&ramp), FIRST);
        tokio::time::sleep(PERIOD * 3).await;
        assert!(go_through(&ramp) >= FIRST, "as many as before are added each time");
    }

    #[tokio::test]
    async fn every_answer_lets_two_through() {
        let ramp = Arc::new(Ramp::new());
        ramp.open();
        ramp.turn().await.unwrap().answered();
        assert_eq!(go_through(&ramp), FIRST + 1);
    }

    #[tokio::test]
    async fn a_closed_door_sends_everybody_away() {
        let ramp = Arc::new(Ramp::new());
        let waiting = tokio::spawn({
            let ramp = Arc::clone(&ramp);
            async move { ramp.turn().await.err() }
        });
        tokio::task::yield_now().await;
        ramp.close();
        assert_eq!(waiting.await.unwrap(), Some(Closed));
        assert_eq!(ramp.turn().await.err(), Some(Closed));
    }
}
