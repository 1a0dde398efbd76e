//! Why a build stops before its end.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// The first reason counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The time is over.
    TimedOut,
    /// The Job is deleted.
    Cancelled,
    /// Another component failed.
    OtherFailed,
}

/// Tells everybody to stop.
#[derive(Clone)]
pub(crate) struct Stopper(watch::Sender<Option<Stop>>);

impl Stopper {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    pub(crate) fn stop(&self, why: Stop) {
        self.0.send_if_modified(|stopped| {
            let is_first = stopped.is_none();
            *stopped = stopped.or(Some(why));
            is_first
        });
    }

    pub(crate) fn reason(&self) -> Option<Stop> {
        *self.0.borrow()
    }

    /// Returns when the build is to stop.
    pub(crate) async fn stopped(&self) -> Stop {
        let mut changes = self.0.subscribe();
        match changes.wait_for(Option::is_some).await {
            Ok(why) => why.unwrap_or(Stop::Cancelled),
            // The sender is `self`.
            Err(_) => Stop::Cancelled,
        }
    }
}

/// Returns when Kubernetes ends the pod: the Job was deleted, or the node is drained.
pub(crate) async fn terminated() -> std::io::Result<()> {
    signal(SignalKind::terminate())?.recv().await;
    Ok(())
}
