//! What really happened, and what of it should not have.

use super::schedule::Moment;
use super::world::IDLE_SECONDS;

/// A request is under way to a gateway that has not heard of the route yet for no longer than this.
const NEWS_TRAVEL: Moment = 20_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    UnderWay,
    Answered,
    /// The process that had it died; its client knows.
    Broken,
}

/// Something that may never happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Violation {
    /// From one phase to another that does not follow it, or with an epoch that does not.
    Phase(String),
    /// It went to sleep while somebody used it, or had a short time ago.
    SleptInUse { last_used: Moment, at: Moment, open: usize },
    /// A request reached pods that were not there.
    NotAnswered(usize),
    /// A request's pods went away under it.
    CutOff(usize),
    /// A request was answered twice.
    AnsweredTwice(usize),
    /// A request has no answer in the end.
    Forgotten(usize),
    /// Fewer pods run than before the sleep.
    ReplicasLost { wanted: [u32; 2], found: [u32; 2] },
    /// An idle app is awake in the end.
    NeverSlept(String),
}

#[derive(Default)]
pub(crate) struct Truth {
    pub(crate) fates: Vec<Fate>,
    /// Requests that are with the app's pods.
    pub(crate) with_pods: Vec<usize>,
    /// When one last was.
    pub(crate) last_used: Moment,
    /// What the owner wants to run.
    pub(crate) wanted: [u32; 2],
    /// How often it fell asleep, and woke.
    pub(crate) sleeps: u64,
    pub(crate) wakes: u64,
    /// How often a drain was ended by a request or a doubt.
    pub(crate) aborts: u64,
    pub(crate) violations: Vec<Violation>,
}

impl Truth {
    pub(crate) fn begin(&mut self) -> usize {
        self.fates.push(Fate::UnderWay);
        self.fates.len() - 1
    }

    /// A request reaches the pods.
    pub(crate) fn reach(&mut self, request: usize, is_serving: bool, now: Moment) {
        self.last_used = now;
        if is_serving { self.with_pods.push(request) } else { self.violations.push(Violation::NotAnswered(request)) }
    }

    /// A request that is with the pods is answered.
    pub(crate) fn answer(&mut self, request: usize, now: Moment) {
        if !self.with_pods.contains(&request) {
            return;
        }
        self.with_pods.retain(|other| *other != request);
        self.last_used = now;
        match self.fates[request] {
            Fate::UnderWay => self.fates[request] = Fate::Answered,
            Fate::Answered => self.violations.push(Violation::AnsweredTwice(request)),
            Fate::Broken => {}
        }
    }

    /// The process that had a request died.
    pub(crate) fn break_off(&mut self, request: usize) {
        self.with_pods.retain(|other| *other != request);
        if self.fates[request] == Fate::UnderWay {
            self.fates[request] = Fate::Broken;
        }
    }

    /// Pods end.
    pub(crate) fn stop_pods(&mut self) {
        let cut = std::mem::take(&mut self.with_pods);
        self.violations.extend(cut.into_iter().map(Violation::CutOff));
    }

    /// The app is said to be asleep.
    pub(crate) fn fall_asleep(&mut self, now: Moment) {
        self.sleeps += 1;
        let idle = Moment::from(IDLE_SECONDS) * 1000;
        if !self.with_pods.is_empty() || now + NEWS_TRAVEL < self.last_used + idle {
            let (last_used, open) = (self.last_used, self.with_pods.len());
            self.violations.push(Violation::SleptInUse { last_used, at: now, open });
        }
    }
}
