//! What a look at all apps of a cluster is to do about each.

use jiff::{SignedDuration, Timestamp};

use super::idle::{
    Doubt, Drained, Lull, Measurements, ProvenIdle, Reason, Remainder, Usage, Verdict, is_drained, judge, veto,
};
use super::{AppSpec, AppStatus, Cause, CauseKind, IdleRecord, Phase};

/// How patient a sweep is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How long the gateway has to be without the route before an app sleeps.
    pub quiet: SignedDuration,
    /// How long an app that was started stays awake in any case.
    pub min_awake: SignedDuration,
    /// A drain that takes longer is given up.
    pub longest_drain: SignedDuration,
    /// After this time somebody else puts a route back, or goes on with a wake, than who should have.
    pub before_repair: SignedDuration,
    /// How long nothing may have moved on an open connection before it counts as left.
    pub silence: SignedDuration,
}

/// What is known of an app when a sweep looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// What it is.
    pub spec: &'a AppSpec,
    /// Where it stands.
    pub status: &'a AppStatus,
    /// Since when its route leads to it, if it does.
    pub route_opened: Option<Timestamp>,
    /// What was measured of the gateway.
    pub measurements: Result<&'a Measurements, &'a Doubt>,
    /// What was measured of the app.
    pub usage: &'a Usage,
}

/// What a sweep is to do about an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Nothing.
    Nothing,
    /// To write down what was seen; the phase stays.
    Note(Box<AppStatus>),
    /// To look at what surrounds it, and begin to put it to sleep if nothing there speaks against it.
    Drain(ProvenIdle),
    /// To see that its route is gone from every gateway.
    Confirm,
    /// To end its drain, for this reason.
    KeepAwake(String),
    /// To put its route back.
    Reopen,
    /// To wake it.
    Wake(Cause),
    /// To go on with a wake that nobody seems to be at.
    ResumeWake,
    /// To see that nothing of it runs.
    Stop,
}

impl Patience {
    /// What holds unless the operator says otherwise.
    #[must_use]
    pub const fn usual() -> Self {
        Self {
            quiet: SignedDuration::from_secs(30),
            min_awake: SignedDuration::from_secs(60),
            longest_drain: SignedDuration::from_mins(3),
            before_repair: SignedDuration::from_mins(1),
            silence: SignedDuration::from_hours(1),
        }
    }
}

impl Look<'_> {
    /// What there is to do.
    #[must_use]
    pub fn task(&self, patience: &Patience, now: Timestamp) -> Task {
        match self.status.phase {
            Phase::Awake => self.task_awake(patience, now),
            Phase::Draining => self.task_draining(patience, now),
            Phase::Waking if self.is_older(patience.before_repair, now) => Task::ResumeWake,
            Phase::Asleep | Phase::Failed => self.task_down(now),
            Phase::Waking => Task::Nothing,
        }
    }

    fn task_down(&self, now: Timestamp) -> Task {
        let may_try = self.status.wake.as_ref().and_then(|wake| wake.next_attempt_at).is_none_or(|at| at <= now);
        match self.spec.hours_now(self.status, now) {
            Some(hours) if may_try => Task::Wake(Cause::new(CauseKind::Schedule, format!("its hours began: {hours}"))),
            _ if self.status.settled => Task::Nothing,
            _ => Task::Stop,
        }
    }

    fn task_awake(&self, patience: &Patience, now: Timestamp) -> Task {
        if self.status.rolling_out || !self.spec.is_routed() {
            return self.note(veto(self.spec, self.status, patience.min_awake, now).as_ref(), now);
        }
        let Some(opened) = self.route_opened else {
            return if self.is_older(patience.before_repair, now) { Task::Reopen } else { Task::Nothing };
        };
        let Some(idle_after) = self.spec.idle_after(self.status) else {
            return self.note(Some(&Reason::NeverSleeps), now);
        };
        if let Some(hours) = self.spec.hours_now(self.status, now) {
            return self.note(Some(&Reason::AwakeHours(hours.clone())), now);
        }
        let lull = Lull { without_requests: idle_after, in_silence: patience.silence };
        match (self.measurements, &self.status.abandoned) {
            (Err(doubt), _) => self.note(Some(&Reason::Unknown(doubt.clone())), now),
            (Ok(measurements), Some(proof)) => match Remainder::of(measurements, self.usage, proof, opened, lull) {
                Remainder::None => Task::Note(Box::new(self.status.without_abandoned())),
                Remainder::Possible => self.note(Some(&Reason::MayBeOpen), now),
                Remainder::NotYet => Task::Nothing,
            },
            (Ok(measurements), None) => self.task_judged(measurements, lull, patience, now),
        }
    }

    fn task_judged(&self, measurements: &Measurements, lull: Lull, patience: &Patience, now: Timestamp) -> Task {
        match judge(measurements, self.usage, self.status.idle.as_ref(), lull) {
            Verdict::Unknown(doubt) => self.note(Some(&Reason::Unknown(doubt)), now),
            Verdict::Quiet(_) | Verdict::Used(None) => Task::Nothing,
            Verdict::Used(record) => self.note_record(record, None, now),
            Verdict::Open(record) => self.note_record(record, Some(&Reason::OpenRequest), now),
            Verdict::Idle(proof) => match veto(self.spec, self.status, patience.min_awake, now) {
                Some(reason) => self.note(Some(&reason), now),
                None => Task::Drain(proof),
            },
        }
    }

    fn task_draining(&self, patience: &Patience, now: Timestamp) -> Task {
        if self.is_older(patience.longest_drain, now) {
            return Task::KeepAwake("it was not certain in time that nobody uses it".to_owned());
        }
        if let Some(hours) = self.spec.hours_now(self.status, now) {
            return Task::KeepAwake(Reason::AwakeHours(hours.clone()).to_string());
        }
        let (Ok(measurements), Some(proof)) = (self.measurements, &self.status.idle) else { return Task::Nothing };
        let gone_at = self.status.drain.map_or(now, |drain| drain.route_gone_at);
        match (is_drained(measurements, &self.usage.begun_since, proof, gone_at), self.status.drain) {
            (Ok(Drained::No), _) => Task::KeepAwake("somebody asked for it as it was about to sleep".to_owned()),
            (Ok(_), None) => Task::Confirm,
            (Ok(Drained::Yes), _) if now.duration_since(gone_at) >= patience.quiet => Task::Confirm,
            _ => Task::Nothing,
        }
    }

    fn note(&self, reason: Option<&Reason>, now: Timestamp) -> Task {
        self.note_record(self.status.idle.clone(), reason, now)
    }

    fn note_record(&self, record: Option<IdleRecord>, reason: Option<&Reason>, now: Timestamp) -> Task {
        let record = record.or_else(|| self.status.idle.clone());
        self.status.observed(record, reason, now).map_or(Task::Nothing, |status| Task::Note(Box::new(status)))
    }

    fn is_older(&self, age: SignedDuration, now: Timestamp) -> bool {
        now.duration_since(self.status.since) > age
    }
}

#[cfg(test)]
mod tests;
