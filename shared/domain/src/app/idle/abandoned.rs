//! After a drain that came to nothing: whether a request that began just before the route was closed may still be open.
//! With the route the gateway forgot its counters, so nobody sees it end.

use jiff::{SignedDuration, Timestamp};

use super::judgement::{Lull, stands_still};
use super::{Measurements, Usage};
use crate::app::IdleRecord;

/// By then every gateway leads along a route that was opened.
pub const ROUTE_TAKES_EFFECT: SignedDuration = SignedDuration::from_secs(5);

/// What is known of requests from before a drain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remainder {
    /// None is open.
    None,
    /// One may be.
    Possible,
    /// It is too early to know.
    NotYet,
}

impl Remainder {
    /// What is known, with the route open again since that time; what was read begun counts up to when it took effect.
    #[must_use]
    pub fn of(measurements: &Measurements, usage: &Usage, proof: &IdleRecord, opened: Timestamp, lull: Lull) -> Self {
        let was_never_closed = opened <= proof.evaluated_at;
        if was_never_closed || measurements.asked_at.duration_since(opened) > lull.in_silence {
            return Self::None;
        }
        if measurements.complete_until() <= opened + ROUTE_TAKES_EFFECT {
            return Self::NotYet;
        }
        if stands_still(&usage.begun_since, proof) { Self::None } else { Self::Possible }
    }
}
