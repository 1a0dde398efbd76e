//! How far an app has come that somebody asks for.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use roost_domain::app::{AppStatus, Phase};
use roost_domain::visit::{Estimate, Stage};

use super::failure;

/// A waking app is never shown as done.
const MOST: f64 = 0.95;
const SOON: u64 = 2;

/// Where an app is on its way to answering.
#[derive(Debug, Clone)]
pub enum Progress {
    /// It is not known yet whether it runs.
    Unknown,
    /// It is on its way.
    Waking {
        /// How far.
        stage: Stage,
        /// Since when.
        since: Instant,
        /// How long that takes, as far as is known.
        estimate: Option<Estimate>,
    },
    /// Requests are let through to it.
    Open,
    /// It did not wake up.
    Failed {
        /// Why, for visitors.
        words: &'static str,
        /// The seconds after which it is tried again.
        retry_after: u64,
    },
    /// It has gone to sleep again; whoever asks once more wakes it.
    Asleep,
    /// There is no such app any more.
    Gone,
}

impl Progress {
    /// It begins to wake.
    #[must_use]
    pub fn waking(stage: Stage, estimate: Option<Estimate>) -> Self {
        Self::Waking { stage, since: Instant::now(), estimate }
    }

    /// As the app itself says.
    #[must_use]
    pub fn of(standing: &AppStatus, now: Timestamp) -> Self {
        match standing.phase {
            Phase::Awake => Self::Open,
            Phase::Draining => Self::Unknown,
            Phase::Asleep => Self::Asleep,
            Phase::Failed => failure::progress(standing, now),
            Phase::Waking => {
                let began = standing.wake.as_ref().map_or(standing.since, |wake| wake.started_at);
                let elapsed = Duration::try_from(now.duration_since(began)).unwrap_or_default();
                let since = Instant::now().checked_sub(elapsed).unwrap_or_else(Instant::now);
                Self::Waking { stage: Stage::Starting, since, estimate: Estimate::of(&standing.wake_millis) }
            }
        }
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self {
            Self::Unknown | Self::Asleep => Stage::Scheduling.words(),
            Self::Waking { stage, .. } => stage.words(),
            Self::Open => Stage::Ready.words(),
            Self::Failed { words, .. } => words,
            Self::Gone => "It is not there any more.",
        }
    }

    /// Between 0 and 1: of the time that waking takes, or of its stages if that is not known.
    #[must_use]
    pub fn share(&self) -> f64 {
        match self {
            Self::Waking { since, estimate: Some(estimate), .. } => {
                let elapsed = since.elapsed();
                let whole = (elapsed + estimate.remaining(elapsed)).as_secs_f64();
                (elapsed.as_secs_f64() / whole.max(f64::EPSILON)).min(MOST)
            }
            Self::Waking { stage: Stage::Scheduling, .. } | Self::Unknown => 0.1,
            Self::Waking { stage: Stage::Pulling, .. } => 0.3,
            Self::Waking { stage: Stage::Starting, .. } => 0.6,
            Self::Waking { stage: Stage::Ready, .. } => MOST,
            Self::Open => 1.0,
            Self::Asleep | Self::Failed { .. } | Self::Gone => 0.0,
        }
    }

    /// How long it is likely to take still.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        match self {
            Self::Waking { since, estimate: Some(estimate), .. } => Some(estimate.remaining(since.elapsed())),
            _ => None,
        }
    }

    /// The seconds after which to come back.
    #[must_use]
    pub fn retry_after(&self) -> u64 {
        match self {
            Self::Waking { since, estimate, .. } => Estimate::retry_after(estimate.as_ref(), since.elapsed()),
            Self::Failed { retry_after, .. } => *retry_after,
            Self::Unknown | Self::Open | Self::Asleep | Self::Gone => SOON,
        }
    }

    /// Whether nobody is let through any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Failed { .. } | Self::Asleep | Self::Gone)
    }

    /// Whether more than half of the wakes so far would have taken longer than that.
    #[must_use]
    pub fn takes_longer_than(&self, patience: Duration) -> bool {
        matches!(self, Self::Waking { estimate: Some(estimate), .. } if !estimate.fits(patience))
    }
}
