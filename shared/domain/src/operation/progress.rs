//! How far an operation is, by what has become of what it is about.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Aim;
use crate::app::{AppStatus, Phase};
use crate::release::{Release, ReleaseState};

/// Whether it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not yet.
    Running,
    /// It is.
    Succeeded,
    /// It will not be.
    Failed,
}

/// How far an operation is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Whether it is done.
    pub state: State,
    /// The same in plain words.
    pub detail: String,
}

impl Progress {
    fn running(detail: impl Into<String>) -> Self {
        Self { state: State::Running, detail: detail.into() }
    }

    fn succeeded(detail: impl Into<String>) -> Self {
        Self { state: State::Succeeded, detail: detail.into() }
    }

    fn failed(detail: impl Into<String>) -> Self {
        Self { state: State::Failed, detail: detail.into() }
    }
}

/// How far an operation about an app is.
#[must_use]
pub fn of_app(aim: &Aim, app: Option<&AppStatus>) -> Progress {
    match (aim, app) {
        (Aim::Activate { epoch }, Some(status)) => of_waking(*epoch, status),
        (Aim::Deactivate { epoch }, Some(status)) => of_falling_asleep(*epoch, status),
        _ => Progress::failed("the app is not there any more"),
    }
}

fn of_waking(epoch: u64, status: &AppStatus) -> Progress {
    match status.phase {
        Phase::Waking => Progress::running("its workloads are on their way up"),
        Phase::Awake | Phase::Draining => Progress::succeeded("it is awake"),
        Phase::Failed => {
            let message = status.wake.as_ref().and_then(|wake| wake.message.clone());
            Progress::failed(message.unwrap_or_else(|| status.cause.detail.clone()))
        }
        Phase::Asleep if status.epoch > epoch => Progress::succeeded("it woke, and has fallen asleep again"),
        Phase::Asleep => Progress::running("it is about to wake"),
    }
}

fn of_falling_asleep(epoch: u64, status: &AppStatus) -> Progress {
    match status.phase {
        Phase::Asleep => Progress::succeeded("it is asleep"),
        Phase::Draining => Progress::running("the gateway no longer leads to it; it is seen to that nobody is left"),
        Phase::Awake if status.epoch <= epoch => {
            let why = status.refusal.as_ref().map(|refusal| format!("it does not sleep yet: {}", refusal.message));
            Progress::running(why.unwrap_or_else(|| "it is looked at whether anybody uses it".to_owned()))
        }
        Phase::Awake => Progress::failed(format!("it stays awake: {}", status.cause.detail)),
        Phase::Waking | Phase::Failed => Progress::succeeded("it fell asleep, and was woken since"),
    }
}

/// How far a rollback is, by the release it became.
#[must_use]
pub fn of_rollback(release: Option<&Release>) -> Progress {
    let Some(release) = release else { return Progress::running("it is about to begin") };
    let number = release.number;
    match &release.state {
        ReleaseState::Live => Progress::succeeded(format!("it runs as release {number}")),
        ReleaseState::Failed { failure, .. } => Progress::failed(format!("{} {}", failure.message, failure.remedy)),
        state if state.is_terminal() => Progress::failed(format!("release {number} has ended as {}", state.name())),
        state => Progress::running(format!("release {number} is {}", state.name())),
    }
}

/// How far it is to start a project's agent, by the project's newest release: whoever asked first, all wait for the same.
#[must_use]
pub fn of_start(newest: Option<&Release>, requested_at: Timestamp) -> Progress {
    let had_failed = |release: &&Release| {
        release.state.is_terminal() && release.state != ReleaseState::Live && release.updated_at < requested_at
    };
    of_rollback(newest.filter(|release| !had_failed(release)))
}

/// How far it is to stop a release.
#[must_use]
pub fn of_cancel(release: Option<&Release>) -> Progress {
    use crate::release::{PlatformFailureReason, ReleaseFailureReason};
    let Some(release) = release else { return Progress::failed("the release is not there any more") };
    let taken_back = ReleaseFailureReason::Platform(PlatformFailureReason::TakenBack);
    match &release.state {
        ReleaseState::Cancelled => Progress::succeeded("it is stopped"),
        ReleaseState::Failed { failure, .. } if failure.reason == taken_back => {
            Progress::succeeded("it is stopped, and what ran before runs again")
        }
        state if state.is_terminal() => Progress::failed(format!("it had ended before, as {}", state.name())),
        state => Progress::running(format!("it is still {}", state.name())),
    }
}

/// How far it is to delete a project.
#[must_use]
pub fn of_deletion(is_there: bool) -> Progress {
    if is_there { Progress::running("what belongs to it is being removed") } else { Progress::succeeded("it is gone") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Cause, CauseKind, Event, Refusal};
    use crate::naming::{ProjectName, TenantId};
    use crate::release::{Origin, ReleaseNumber};

    fn status(phase: Phase, epoch: u64) -> AppStatus {
        AppStatus { phase, epoch, ..AppStatus::new(Timestamp::UNIX_EPOCH) }
    }

    fn state(aim: &Aim, status: &AppStatus) -> State {
        of_app(aim, Some(status)).state
    }

    #[test]
    fn waking_ends_awake_or_with_the_reason() {
        let now = Timestamp::UNIX_EPOCH;
        let owner = Event::Wanted(Cause::new(CauseKind::Owner, "its owner asked"));
        let waking = status(Phase::Asleep, 4).after(owner, now).unwrap().status;
        let aim = Aim::Activate { epoch: waking.epoch };
        assert_eq!(state(&aim, &waking), State::Running);
        assert_eq!(state(&aim, &waking.after(Event::Ready, now).unwrap().status), State::Succeeded);
        let failure = Event::WakeFailed { reason: "crash-loop".to_owned(), message: "it crashes".to_owned() };
        let failed = of_app(&aim, Some(&waking.after(failure, now).unwrap().status));
        assert_eq!((failed.state, failed.detail.as_str()), (State::Failed, "it crashes"));
    }

    #[test]
    fn falling_asleep_tells_what_it_waits_for_and_what_came_between() {
        let aim = Aim::Deactivate { epoch: 2 };
        let refusal = Refusal { reason: "OpenRequest".to_owned(), message: "busy".to_owned(), since: Timestamp::MIN };
        let waiting = of_app(&aim, Some(&AppStatus { refusal: Some(refusal), ..status(Phase::Awake, 2) }));
        assert!(waiting.state == State::Running && waiting.detail.contains("busy"), "{waiting:?}");
        assert_eq!(state(&aim, &status(Phase::Draining, 3)), State::Running);
        assert_eq!(state(&aim, &status(Phase::Asleep, 4)), State::Succeeded);
        assert_eq!(state(&aim, &status(Phase::Awake, 4)), State::Failed, "somebody came");
    }

    #[test]
    fn an_app_that_is_gone_neither_wakes_nor_sleeps() {
        for aim in [Aim::Activate { epoch: 1 }, Aim::Deactivate { epoch: 1 }] {
            assert_eq!(of_app(&aim, None).state, State::Failed);
        }
    }

    #[test]
    fn an_agents_start_ends_with_the_release_that_came_of_it_and_with_no_earlier_one() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let names =
            || (TenantId::parse("u1").unwrap(), ProjectName::parse("chat").unwrap(), ReleaseNumber::after(None));
        let release = |state| Release::registered(names(), Origin::Agent { cause: "e".to_owned() }, state, at(10));
        let state = |state, requested| of_start(Some(&release(state)), at(requested)).state;
        assert_eq!(of_start(None, at(5)).state, State::Running);
        assert_eq!(state(ReleaseState::rolling_out(at(10)), 20), State::Running);
        assert_eq!(state(ReleaseState::Live, 5), State::Succeeded);
        assert_eq!(state(ReleaseState::Live, 20), State::Succeeded, "somebody else started it before");
        assert_eq!(state(ReleaseState::Cancelled, 5), State::Failed);
        assert_eq!(state(ReleaseState::Cancelled, 20), State::Running, "it is started again");
    }
}
