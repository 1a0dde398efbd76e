//! What comes next for an app: one function of its state, what happened, and the time.

use jiff::{SignedDuration, Timestamp};

use super::idle::ProvenIdle;
use super::{AppStatus, Cause, CauseKind, Drain, Phase, SavedReplicas, Wake};
use crate::release::ReleaseNumber;

/// A proof of idleness is worth nothing once so many seconds have passed: somebody may have come since.
const PROOF_LASTS: SignedDuration = SignedDuration::from_secs(120);

/// Something that happened to an app.
#[derive(Debug, Clone)]
pub enum Event {
    /// Nobody has asked for it for long enough.
    Idle(ProvenIdle),
    /// Every replica of the gateway was seen without its route, nobody has asked since the drain began, and wakers
    /// are ready.
    Unrouted {
        /// What runs of it.
        running: Vec<SavedReplicas>,
        /// How long the gateway has to be without the route.
        quiet: SignedDuration,
    },
    /// Something speaks against putting it to sleep.
    KeepAwake(String),
    /// Somebody asks for it, or its owner wants it to run.
    Wanted(Cause),
    /// All its workloads are ready.
    Ready,
    /// Its workloads do not come up.
    WakeFailed {
        /// The name of what is in the way.
        reason: String,
        /// The same in plain words.
        message: String,
    },
    /// It does not run, and every workload was seen with 0 replicas since it does not.
    Settled,
    /// A release is about to be applied.
    ReleaseBegan(ReleaseNumber),
    /// The release came up, or was given up and what ran before is back.
    ReleaseEnded,
}

impl Event {
    /// Whether it may be answered with the app as it has become since it was read: what follows from evidence may not,
    /// as the evidence is of then.
    #[must_use]
    pub fn holds_in_any_state(&self) -> bool {
        matches!(self, Self::Wanted(_) | Self::ReleaseBegan(_))
    }
}

/// Something to be done once the step is committed, each as often as it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The gateway leads to the app.
    OpenRoute,
    /// The gateway leads to the waker.
    CloseRoute,
    /// The workloads return to what they were, wave by wave.
    StartWorkloads,
    /// The workloads go to 0.
    StopWorkloads,
}

/// A step of an app's life: a state to commit, then effects, which carry its epoch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The state that replaces the one that was read.
    pub status: AppStatus,
    /// What to do after the commit.
    pub effects: Vec<Effect>,
}

/// Why an event changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It has been so already, or somebody else is at it.
    #[error("the app is {0} already")]
    AlreadySo(Phase),
    /// It does not belong to this phase: somebody was faster.
    #[error("this does not concern an app that is {0}")]
    NotInThisPhase(Phase),
    /// A release is being rolled out.
    #[error("a release is being rolled out")]
    RollingOut,
    /// The proof is too old.
    #[error("the proof of idleness is too old")]
    ProofTooOld,
    /// A request may be open that began before its last drain.
    #[error("a request of before the last drain may be open")]
    MayBeOpen,
    /// The gateway has not been without the route for long enough.
    #[error("the gateway was seen without the route only since {0}")]
    NotYetQuiet(Timestamp),
    /// None of its workloads has any pods: there would be nothing to wake.
    #[error("none of the app's workloads has any pods")]
    NothingRuns,
    /// It has failed to wake, and is tried again later.
    #[error("waking failed; it is tried again at {0}")]
    TooEarly(Timestamp),
}

impl AppStatus {
    /// What comes next after an event, or why nothing does.
    pub fn after(&self, event: Event, now: Timestamp) -> Result<Step, Refused> {
        match event {
            Event::Idle(proof) => self.drained(proof, now),
            Event::Unrouted { running, quiet } => self.unrouted(running, quiet, now),
            Event::KeepAwake(why) => self.kept_awake(why, now),
            Event::Wanted(cause) => self.wanted(cause, now),
            Event::Ready => self.ready(now),
            Event::WakeFailed { reason, message } => self.wake_failed(reason, message, now),
            Event::Settled => self.settled(),
            Event::ReleaseBegan(release) => Ok(self.release_began(release, now)),
            Event::ReleaseEnded => self.release_ended(now),
        }
    }

    fn drained(&self, proof: ProvenIdle, now: Timestamp) -> Result<Step, Refused> {
        self.must_be(Phase::Awake)?;
        if self.rolling_out {
            return Err(Refused::RollingOut);
        }
        if self.abandoned.is_some() {
            return Err(Refused::MayBeOpen);
        }
        if now.duration_since(proof.record().evaluated_at) > PROOF_LASTS {
            return Err(Refused::ProofTooOld);
        }
        let cause = Cause::new(CauseKind::Idle, proof.words());
        let draining = self.moved_to(Phase::Draining, cause, now);
        Ok(Step::new(Self { idle: Some(proof.into_record()), ..draining }, &[Effect::CloseRoute]))
    }

    fn unrouted(&self, running: Vec<SavedReplicas>, quiet: SignedDuration, now: Timestamp) -> Result<Step, Refused> {
        self.must_be(Phase::Draining)?;
        let Some(drain) = self.drain else {
            return Ok(Step::new(Self { drain: Some(Drain { route_gone_at: now }), ..self.clone() }, &[]));
        };
        if now.duration_since(drain.route_gone_at) < quiet {
            return Err(Refused::NotYetQuiet(drain.route_gone_at));
        }
        let saved: Vec<_> = running.into_iter().filter(|workload| workload.replicas > 0).collect();
        if saved.is_empty() {
            return Err(Refused::NothingRuns);
        }
        let asleep = self.moved_to(Phase::Asleep, self.cause.clone(), now);
        Ok(Step::new(Self { saved, ..asleep }, &[Effect::StopWorkloads]))
    }

    fn kept_awake(&self, why: String, now: Timestamp) -> Result<Step, Refused> {
        self.must_be(Phase::Draining)?;
        let awake = self.moved_to(Phase::Awake, Cause::new(CauseKind::Platform, why), now);
        Ok(Step::new(awake, &[Effect::OpenRoute]))
    }

    fn wanted(&self, cause: Cause, now: Timestamp) -> Result<Step, Refused> {
        match (self.phase, self.wake.as_ref().and_then(|wake| wake.next_attempt_at)) {
            (Phase::Awake | Phase::Waking, _) => Err(Refused::AlreadySo(self.phase)),
            (Phase::Draining, _) => Ok(Step::new(self.moved_to(Phase::Awake, cause, now), &[Effect::OpenRoute])),
            (Phase::Failed, Some(at)) if cause.kind == CauseKind::Request && now < at => Err(Refused::TooEarly(at)),
            (Phase::Asleep | Phase::Failed, _) => {
                let wake = Wake::begun(self.wake.as_ref(), now);
                let waking = self.moved_to(Phase::Waking, cause, now);
                Ok(Step::new(Self { wake: Some(wake), ..waking }, &[Effect::StartWorkloads]))
            }
        }
    }

    fn ready(&self, now: Timestamp) -> Result<Step, Refused> {
        self.must_be(Phase::Waking)?;
        let began = self.wake.as_ref().map_or(self.since, |wake| wake.started_at);
        let millis = u64::try_from(now.duration_since(began).as_millis()).unwrap_or(0);
        let awake = self.moved_to(Phase::Awake, self.cause.clone(), now);
        let awake = Self { wake_millis: self.wakes_with(millis), saved: Vec::new(), wake: None, ..awake };
        Ok(Step::new(awake, &[Effect::OpenRoute]))
    }

    fn wake_failed(&self, reason: String, message: String, now: Timestamp) -> Result<Step, Refused> {
        self.must_be(Phase::Waking)?;
        let begun = self.wake.clone().unwrap_or_else(|| Wake::begun(None, self.since));
        let failed = self.moved_to(Phase::Failed, Cause::new(CauseKind::Platform, message.clone()), now);
        let wake = Some(begun.failed(reason, message, now));
        Ok(Step::new(Self { wake, ..failed }, &[Effect::StopWorkloads]))
    }

    fn settled(&self) -> Result<Step, Refused> {
        if !self.phase.is_down() {
            return Err(Refused::NotInThisPhase(self.phase));
        }
        Ok(Step::new(Self { settled: true, ..self.clone() }, &[]))
    }

    fn release_began(&self, release: ReleaseNumber, now: Timestamp) -> Step {
        let cause = Cause::new(CauseKind::Release, format!("release {release} is rolled out"));
        // What ran before is known until the release runs.
        let awake = Self { wake: None, ..self.moved_to(Phase::Awake, cause, now) };
        Step::new(Self { rolling_out: true, ..awake }, &[])
    }

    fn release_ended(&self, now: Timestamp) -> Result<Step, Refused> {
        self.must_be(Phase::Awake)?;
        let ran = self.ran_until(now);
        let ended = Self { rolling_out: false, saved: Vec::new(), idle: None, ran, since: now, ..self.clone() };
        Ok(Step::new(ended, &[Effect::OpenRoute]))
    }

    fn must_be(&self, phase: Phase) -> Result<(), Refused> {
        if self.phase == phase { Ok(()) } else { Err(Refused::NotInThisPhase(self.phase)) }
    }

    fn moved_to(&self, phase: Phase, cause: Cause, now: Timestamp) -> Self {
        let epoch = self.epoch.saturating_add(1);
        // What was seen of its use counts for one stay awake only.
        let idle = if phase == Phase::Awake { None } else { self.idle.clone() };
        let abandoned = match (self.phase, phase) {
            (Phase::Draining, Phase::Awake) => self.idle.clone(),
            (Phase::Awake, Phase::Awake) => self.abandoned.clone(),
            _ => None,
        };
        let (since, ran) = (now, self.ran_until(now));
        let moved = Self { phase, epoch, since, cause, idle, abandoned, ran, ..self.clone() };
        Self { settled: false, drain: None, refusal: None, ..moved }
    }
}

impl Step {
    fn new(status: AppStatus, effects: &[Effect]) -> Self {
        Self { status, effects: effects.to_vec() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::WorkloadKind;
    use crate::app::idle::{GatewayProcess, Lull, Measurements, Usage, Verdict, judge};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    const QUIET: SignedDuration = SignedDuration::from_secs(30);

    /// Nobody came for five minutes before that time.
    fn idle(seconds: i64) -> Event {
        let look = |seconds| {
            let process = GatewayProcess { born: at(-9999), read_at: at(seconds), is_up: true, minutes_covered: 5 };
            let gateways = [("gateway-a".to_owned(), Some(process))].into();
            Measurements { asked_at: at(seconds), gateways, came_in: 1, counted: 1, has_warnings: false }
        };
        let usage = Usage { begun: [("gateway-a".to_owned(), 7)].into(), ..Usage::default() };
        let lull = Lull { without_requests: SignedDuration::from_mins(5), in_silence: SignedDuration::from_hours(1) };
        let Verdict::Used(Some(before)) = judge(&look(seconds - 300), &usage, None, lull) else { panic!() };
        match judge(&look(seconds), &usage, Some(&before), lull) {
            Verdict::Idle(proof) => Event::Idle(proof),
            other => panic!("{other:?}"),
        }
    }

    fn running(replicas: u32) -> Vec<SavedReplicas> {
        vec![SavedReplicas { kind: WorkloadKind::Deployment, name: "web".to_owned(), replicas }]
    }

    fn unrouted(replicas: u32) -> Event {
        Event::Unrouted { running: running(replicas), quiet: QUIET }
    }

    fn wanted() -> Event {
        Event::Wanted(Cause::request("browser"))
    }

    fn failed() -> Event {
        Event::WakeFailed { reason: "ImagePull".to_owned(), message: "the image is gone".to_owned() }
    }

    fn walk(events: Vec<(i64, Event)>) -> AppStatus {
        events
            .into_iter()
            .fold(AppStatus::new(at(0)), |status, (seconds, event)| status.after(event, at(seconds)).unwrap().status)
    }

    fn asleep() -> AppStatus {
        walk(vec![(300, idle(300)), (301, unrouted(2)), (331, unrouted(2))])
    }

    #[test]
    fn an_idle_app_drains_sleeps_and_wakes_to_what_it_was() {
        let asleep = asleep();
        assert_eq!((asleep.phase, asleep.epoch, &asleep.saved), (Phase::Asleep, 2, &running(2)));
        let waking = asleep.after(wanted(), at(400)).unwrap();
        assert_eq!((waking.status.phase, waking.effects), (Phase::Waking, vec![Effect::StartWorkloads]));
        assert_eq!(waking.status.saved, running(2), "a wake that dies can be taken up again");
        let awake = waking.status.after(Event::Ready, at(402)).unwrap();
        assert_eq!((awake.status.phase, awake.status.epoch, awake.effects), (Phase::Awake, 4, vec![Effect::OpenRoute]));
        assert_eq!((awake.status.wake_millis, awake.status.saved, awake.status.idle), (vec![2000], vec![], None));
    }

    #[test]
    fn an_app_sleeps_only_once_the_gateway_was_seen_without_it_for_the_quiet_period() {
        let draining = walk(vec![(300, idle(300)), (301, unrouted(2))]);
        assert_eq!(draining.phase, Phase::Draining);
        assert_eq!(draining.after(unrouted(2), at(330)), Err(Refused::NotYetQuiet(at(301))));
        assert_eq!(draining.after(unrouted(0), at(331)), Err(Refused::NothingRuns));
        assert_eq!(draining.after(unrouted(2), at(331)).unwrap().status.phase, Phase::Asleep);
    }

    #[test]
    fn a_request_or_a_reason_against_ends_a_drain() {
        let draining = walk(vec![(300, idle(300)), (301, unrouted(2))]);
        for event in [wanted(), Event::KeepAwake("it takes too long".to_owned())] {
            let step = draining.after(event, at(310)).unwrap();
            assert_eq!((step.status.phase, step.effects), (Phase::Awake, vec![Effect::OpenRoute]));
            assert_eq!((&step.status.idle, step.status.drain), (&None, None), "the proof is used up");
            assert_eq!(step.status.abandoned, draining.idle);
            assert_eq!(step.status.after(idle(400), at(400)), Err(Refused::MayBeOpen));
            assert!(step.status.without_abandoned().after(idle(400), at(400)).is_ok());
        }
    }

    #[test]
    fn no_proof_is_taken_late_or_while_a_release_is_rolled_out() {
        assert_eq!(AppStatus::new(at(0)).after(idle(300), at(421)), Err(Refused::ProofTooOld));
        let rolling_out = walk(vec![(0, Event::ReleaseBegan(ReleaseNumber::new(2).unwrap()))]);
        assert_eq!(rolling_out.after(idle(300), at(300)), Err(Refused::RollingOut));
        let ended = rolling_out.after(Event::ReleaseEnded, at(20)).unwrap().status;
        assert!(ended.after(idle(300), at(300)).is_ok());
    }

    #[test]
    fn a_release_wakes_an_app_from_wherever_it_is_and_keeps_what_ran() {
        let release = || Event::ReleaseBegan(ReleaseNumber::new(2).unwrap());
        let waking = asleep().after(wanted(), at(400)).unwrap().status;
        let failing = waking.after(failed(), at(410)).unwrap().status;
        for status in [asleep(), waking, failing] {
            let step = status.after(release(), at(420)).unwrap();
            assert_eq!((step.status.phase, step.status.epoch), (Phase::Awake, status.epoch + 1));
            assert_eq!((step.status.rolling_out, step.status.saved), (true, running(2)));
        }
    }

    #[test]
    fn what_fails_to_wake_is_left_alone_for_growing_pauses_unless_its_owner_asks() {
        let mut status = asleep();
        let mut now = 400;
        for pause in [10, 30, 60, 300, 900, 3600, 3600] {
            let waking = status.after(wanted(), at(now)).unwrap().status;
            let step = waking.after(failed(), at(now)).unwrap();
            assert_eq!((step.status.phase, step.effects), (Phase::Failed, vec![Effect::StopWorkloads]));
            status = step.status;
            assert_eq!(status.after(wanted(), at(now + pause - 1)), Err(Refused::TooEarly(at(now + pause))));
            now += pause;
        }
        let owner = Event::Wanted(Cause::new(CauseKind::Owner, "its owner asked"));
        assert_eq!(status.after(owner, at(now - 1)).unwrap().status.phase, Phase::Waking);
        assert_eq!(status.saved, running(2));
    }

    #[test]
    fn only_what_does_not_run_is_settled() {
        assert!(asleep().after(Event::Settled, at(332)).unwrap().status.settled);
        let waking = asleep().after(wanted(), at(400)).unwrap().status;
        assert_eq!(waking.after(Event::Settled, at(401)), Err(Refused::NotInThisPhase(Phase::Waking)));
    }

    #[test]
    fn an_event_of_another_phase_changes_nothing() {
        let awake = AppStatus::new(at(0));
        for event in [unrouted(1), Event::KeepAwake(String::new()), Event::Ready, failed(), Event::Settled] {
            assert_eq!(awake.after(event, at(1)), Err(Refused::NotInThisPhase(Phase::Awake)));
        }
        assert_eq!(awake.after(wanted(), at(1)), Err(Refused::AlreadySo(Phase::Awake)));
        assert_eq!(asleep().after(idle(340), at(340)), Err(Refused::NotInThisPhase(Phase::Asleep)));
    }
}
