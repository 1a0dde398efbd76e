//! What is known of an app of which it is certain that nobody used it for long enough.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::app::IdleRecord;

/// What a waker says of an app: it forwards to one that has just woken, which the gateway counts for no app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Forwarding {
    /// In which epoch it knows the app; absent if it has nothing to do with it, and would read it before it forwards
    /// anything.
    pub epoch: Option<u64>,
    /// How many requests it forwards to it or holds for it.
    pub open: u64,
    /// When the last one ended; for a waker that had none, when it began.
    pub last_used: Timestamp,
}

/// The proof that an app is idle. Only the judgement of the evidence makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenIdle(IdleRecord);

impl ProvenIdle {
    pub(super) fn new(record: IdleRecord) -> Self {
        Self(record)
    }

    /// The proof as it stands with what the wakers say, or what to keep in its place.
    pub fn weighed(self, wakers: &[Forwarding], idle_after: SignedDuration) -> Result<Self, IdleRecord> {
        let used = wakers.iter().map(|waker| if waker.open > 0 { self.0.evaluated_at } else { waker.last_used });
        let last_active = used.fold(self.0.last_active, Timestamp::max);
        let record = IdleRecord { last_active, ..self.0 };
        let is_idle = record.evaluated_at.duration_since(last_active) >= idle_after;
        if is_idle { Ok(Self(record)) } else { Err(record) }
    }

    /// What was seen.
    #[must_use]
    pub fn record(&self) -> &IdleRecord {
        &self.0
    }

    /// The proof in plain words.
    #[must_use]
    pub fn words(&self) -> String {
        let minutes = self.0.evaluated_at.duration_since(self.0.last_active).as_secs() / 60;
        match minutes {
            0 => "nobody asked for it for some seconds".to_owned(),
            1 => "nobody asked for it for a minute".to_owned(),
            minutes => format!("nobody asked for it for {minutes} minutes"),
        }
    }

    /// What was seen, to be kept.
    #[must_use]
    pub fn into_record(self) -> IdleRecord {
        self.0
    }
}

/// What the wakers together say of an app that is being drained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wakers {
    /// All have heard of the drain, and none has had anything to do with the app since the proof of its idleness.
    Free,
    /// One has not heard of the drain.
    NotYet,
    /// One has forwarded something, or is at it.
    InUse,
}

impl Wakers {
    /// Sums up what each of them says.
    #[must_use]
    pub fn of(answers: &[Forwarding], epoch: u64, proof: &IdleRecord) -> Self {
        if answers.iter().any(|waker| waker.open > 0 || waker.last_used > proof.evaluated_at) {
            return Self::InUse;
        }
        let have_heard = answers.iter().all(|waker| waker.epoch.is_none_or(|known| known >= epoch));
        if have_heard { Self::Free } else { Self::NotYet }
    }
}
