//! What an upload means for a project, and what comes next for a release: decided from the records alone.

use super::{Origin, Project, Release, ReleaseNumber, ReleaseState, Upload};

/// What is to be done about an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadDecision {
    /// It becomes a release.
    Register,
    /// It becomes a release that is superseded at once: a newer upload was seen before it.
    RegisterSuperseded(ReleaseNumber),
    /// It is a release already, of which the archive was not checked to the end.
    GoOn,
    /// It was handled before.
    Replayed,
    /// It came too late: its project is being taken away.
    TooLate,
    /// Its project runs an agent, and takes no uploads.
    NotForUploads,
}

/// What is to be done because a project's agent is wanted for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartDecision {
    /// It becomes a release.
    Register,
    /// It is a release already, which is under way.
    GoOn,
    /// Nothing: it runs, or this was handled before, or the project has no agent to start.
    Nothing,
}

/// What comes next for a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextStep {
    /// Nothing: it is at its end.
    Nothing,
    /// It gives way to a newer one.
    Supersede(ReleaseNumber),
    /// Its archive is being checked.
    AwaitChecks,
    /// Its build is under way.
    AwaitBuild,
    /// Its objects are to be applied.
    Apply,
    /// Its workloads are coming up, or not.
    Observe,
    /// What ran before is to be put back.
    Restore(Option<ReleaseNumber>),
}

/// Decides about an upload with the project, and the release it already is, as they stand.
#[must_use]
pub fn decide_upload(project: &Project, known_as: Option<&Release>, upload: &Upload) -> UploadDecision {
    match (known_as, project.last) {
        (Some(release), _) if release.state == ReleaseState::Received => UploadDecision::GoOn,
        (Some(_), _) => UploadDecision::Replayed,
        (None, _) if project.leaving_since.is_some() => UploadDecision::TooLate,
        (None, _) if project.agent.is_some() => UploadDecision::NotForUploads,
        (None, Some(last)) if !project.is_newest(&upload.sequencer) => UploadDecision::RegisterSuperseded(last),
        (None, _) => UploadDecision::Register,
    }
}

/// Decides about an event that asks for a project's agent, with the project's newest release as it stands.
#[must_use]
pub fn decide_start(project: &Project, newest: Option<&Release>, cause: &str) -> StartDecision {
    if project.agent.is_none() || project.leaving_since.is_some() || project.live.is_some() {
        return StartDecision::Nothing;
    }
    match newest {
        Some(release) if !release.state.is_terminal() => StartDecision::GoOn,
        Some(release) if matches!(&release.origin, Origin::Agent { cause: own } if own == cause) => {
            StartDecision::Nothing
        }
        // What failed before is tried again.
        Some(_) | None => StartDecision::Register,
    }
}

/// Decides what comes next. Until it is to be applied a release gives way to any newer one that passed its checks; from
/// then on, when the cluster may hold some of its objects, only to one that is to be applied itself: a newer one might
/// still fail to build, and nobody would bring this one to its end.
#[must_use]
pub fn next_step(release: &Release, project: &Project) -> NextStep {
    if release.state.is_terminal() {
        return NextStep::Nothing;
    }
    let in_its_place = if touches_the_cluster(release, project) { project.applied } else { project.wanted };
    if let Some(by) = in_its_place.filter(|other| *other > release.number) {
        return NextStep::Supersede(by);
    }
    match &release.state {
        ReleaseState::Received => NextStep::AwaitChecks,
        ReleaseState::RollingOut { applied_at: None, .. } => NextStep::Apply,
        ReleaseState::RollingOut { .. } => NextStep::Observe,
        ReleaseState::Restoring { to, .. } => NextStep::Restore(*to),
        _ => NextStep::AwaitBuild,
    }
}

fn touches_the_cluster(release: &Release, project: &Project) -> bool {
    match release.state {
        ReleaseState::RollingOut { applied_at: None, .. } => project.applied == Some(release.number),
        ReleaseState::RollingOut { .. } | ReleaseState::Restoring { .. } => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::agent::Agents;
    use crate::build::Nonce;
    use crate::naming::{ProjectName, TenantId};
    use crate::release::{BuildAttempt, Origin, PlatformFailureReason, ReleaseFailure, Sequencer};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn number(number: u32) -> ReleaseNumber {
        ReleaseNumber::new(number).unwrap()
    }

    fn project() -> Project {
        Project::new(TenantId::parse("u1").unwrap(), ProjectName::parse("shop").unwrap(), NOW)
    }

    fn upload(sequencer: &str) -> Upload {
        let sequencer = Sequencer::parse(sequencer).unwrap();
        Upload { version_id: format!("v{}", String::from(sequencer.clone())), sequencer, size: 1, at: NOW }
    }

    fn release(project: &Project, number: ReleaseNumber, state: ReleaseState) -> Release {
        let name = (project.tenant.clone(), project.name.clone(), number);
        Release::registered(name, Origin::Upload(upload("A")), state, NOW)
    }

    fn attempt() -> BuildAttempt {
        BuildAttempt { number: 1, nonce: Nonce::parse("0123456789abcdef").unwrap() }
    }

    fn applied() -> ReleaseState {
        ReleaseState::RollingOut { since: NOW, applied_at: Some(NOW) }
    }

    fn states_before_applying() -> Vec<ReleaseState> {
        vec![
            ReleaseState::Received,
            ReleaseState::Queued { attempt: attempt(), place: None },
            ReleaseState::Building { attempt: attempt(), since: NOW },
            ReleaseState::rolling_out(NOW),
        ]
    }

    fn restoring(to: Option<ReleaseNumber>) -> ReleaseState {
        let failure = ReleaseFailure::of_platform(PlatformFailureReason::BuildLost, None);
        ReleaseState::Restoring { failure, to }
    }

    #[test]
    fn nothing_new_begins_in_a_project_that_goes() {
        let leaving = project().leaving(NOW);
        assert_eq!(decide_upload(&leaving, None, &upload("A")), UploadDecision::TooLate);
    }

    #[test]
    fn an_upload_that_comes_again_makes_no_second_release() {
        let project = project();
        let known = release(&project, number(1), ReleaseState::Live);
        assert_eq!(decide_upload(&project, Some(&known), &upload("A")), UploadDecision::Replayed);
        let unfinished = release(&project, number(1), ReleaseState::Received);
        assert_eq!(decide_upload(&project, Some(&unfinished), &upload("A")), UploadDecision::GoOn);
    }

    #[test]
    fn an_upload_that_comes_after_a_newer_one_is_superseded() {
        let (project, newest) = project().with_next_release(Some(&upload("B").sequencer), NOW);
        assert_eq!(decide_upload(&project, None, &upload("A")), UploadDecision::RegisterSuperseded(newest));
        assert_eq!(decide_upload(&project, None, &upload("C")), UploadDecision::Register);
        let (project, _) = project.with_next_release(Some(&upload("A").sequencer), NOW);
        assert_eq!(project.newest_upload, Some(upload("B").sequencer), "an old upload does not turn time back");
    }

    fn with_agent() -> Project {
        let image = r#"{"goose": {"image": "a/b:1", "key_variable": "K", "key_header": "x-k",
            "volume": {"mount_path": "/data", "size": "1Gi"}}}"#;
        Project { agent: Some(Agents::parse(image).unwrap().find("goose").unwrap()), ..project() }
    }

    #[test]
    fn an_agent_starts_once_and_again_only_if_it_failed() {
        let project = with_agent();
        let of_cause = |cause: &str, state| {
            let origin = Origin::Agent { cause: cause.to_owned() };
            Release { origin, ..release(&project, number(1), state) }
        };
        let failed = || ReleaseState::Failed {
            failure: ReleaseFailure::of_platform(PlatformFailureReason::TakenBack, None),
            restored: None,
        };
        assert_eq!(decide_start(&project, None, "e1"), StartDecision::Register);
        assert_eq!(decide_start(&project, Some(&of_cause("e1", applied())), "e2"), StartDecision::GoOn);
        assert_eq!(decide_start(&project, Some(&of_cause("e1", failed())), "e1"), StartDecision::Nothing, "replayed");
        assert_eq!(decide_start(&project, Some(&of_cause("e1", failed())), "e2"), StartDecision::Register);
        let live = project.running(number(1), NOW);
        assert_eq!(decide_start(&live, Some(&of_cause("e1", ReleaseState::Live)), "e2"), StartDecision::Nothing);
        assert_eq!(decide_start(&project.leaving(NOW), None, "e1"), StartDecision::Nothing);
        assert_eq!(decide_start(&self::project(), None, "e1"), StartDecision::Nothing);
    }

    #[test]
    fn a_project_with_an_agent_takes_no_uploads() {
        assert_eq!(decide_upload(&with_agent(), None, &upload("A")), UploadDecision::NotForUploads);
    }

    #[test]
    fn a_release_that_is_not_to_be_applied_yet_gives_way_to_a_newer_one_that_passed_its_checks() {
        let project = project().wanting(number(2), NOW);
        for state in states_before_applying() {
            assert_eq!(next_step(&release(&project, number(1), state), &project), NextStep::Supersede(number(2)));
        }
        let newest = release(&project, number(2), ReleaseState::rolling_out(NOW));
        assert_eq!(next_step(&newest, &project), NextStep::Apply);
    }

    #[test]
    fn a_release_that_is_in_the_cluster_or_half_way_gives_way_only_to_one_that_is_to_be_applied() {
        let wanted = project().applying(number(1), NOW).wanting(number(2), NOW);
        let to_apply = wanted.applying(number(2), NOW);
        let half_applied = ReleaseState::rolling_out(NOW);
        for (state, next) in [
            (half_applied, NextStep::Apply),
            (applied(), NextStep::Observe),
            (restoring(None), NextStep::Restore(None)),
        ] {
            let release = release(&wanted, number(1), state);
            assert_eq!(next_step(&release, &wanted), next);
            assert_eq!(next_step(&release, &to_apply), NextStep::Supersede(number(2)));
        }
    }

    #[test]
    fn a_terminal_release_stays_as_it_is() {
        let project = project().wanting(number(9), NOW).applying(number(9), NOW);
        let failure = ReleaseFailure::of_platform(PlatformFailureReason::BuildLost, None);
        let terminal = [
            ReleaseState::Live,
            ReleaseState::rejected(Vec::new()),
            ReleaseState::Failed { failure, restored: None },
            ReleaseState::Superseded { by: number(9) },
            ReleaseState::Cancelled,
        ];
        for state in terminal {
            let release = release(&project, number(1), state);
            assert_eq!((next_step(&release, &project), release.due_at()), (NextStep::Nothing, None));
        }
        for state in states_before_applying().into_iter().chain([applied(), restoring(None)]) {
            assert!(release(&project, number(1), state).due_at().is_some(), "somebody looks after it");
        }
    }
}
