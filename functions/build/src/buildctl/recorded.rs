//! What buildctl 0.33 really printed, and what is made of it.

use roost_domain::build::{BuildFailure, BuildFailureReason as Reason, Happening};

use super::epilogue::Epilogue;
use super::steps::{Count, Steps};
use super::{solve_status, verdict};

struct Heard {
    steps: Steps,
    epilogue: Epilogue,
    told: Vec<Happening>,
}

fn hear(recording: &str) -> Heard {
    let mut heard = Heard { steps: Steps::default(), epilogue: Epilogue::default(), told: Vec::new() };
    for line in recording.lines() {
        match solve_status::parse(line) {
            Some(status) => heard.told.extend(heard.steps.take(status).into_iter().map(|(_, what)| what)),
            None => heard.epilogue.push(line),
        }
    }
    heard
}

fn judge(recording: &str) -> BuildFailure {
    let heard = hear(recording);
    verdict::verdict(&heard.epilogue, heard.steps.failed().as_ref())
}

#[test]
fn each_way_to_fail_has_its_reason() {
    let recordings = [
        ("a typing error", include_str!("recorded/unknown-instruction.jsonl"), Reason::DockerfileSyntax, Some(4)),
        ("an empty file", include_str!("recorded/empty-dockerfile.jsonl"), Reason::DockerfileSyntax, None),
        ("a failing program", include_str!("recorded/failing-step.jsonl"), Reason::StepFailed, Some(4)),
        ("COPY of what is not there", include_str!("recorded/missing-file.jsonl"), Reason::StepFailed, Some(4)),
        ("FROM what is not there", include_str!("recorded/missing-base.jsonl"), Reason::BaseImageMissing, Some(1)),
        ("FROM, answered 401", include_str!("recorded/base-without-login.jsonl"), Reason::BaseImageForbidden, Some(1)),
        ("FROM, answered 403", include_str!("recorded/base-forbidden.jsonl"), Reason::BaseImageForbidden, Some(1)),
        ("a push, answered 401", include_str!("recorded/push-without-login.jsonl"), Reason::PushRefused, None),
        ("a push, answered 403", include_str!("recorded/push-forbidden.jsonl"), Reason::PushRefused, None),
        ("too much memory", include_str!("recorded/too-much-memory.jsonl"), Reason::OutOfMemory, Some(4)),
        ("a daemon that ends", include_str!("recorded/daemon-killed.jsonl"), Reason::BuilderLost, None),
    ];
    for (what, recording, reason, line) in recordings {
        let failure = judge(recording);
        assert_eq!((failure.reason, failure.line), (reason, line), "{what}: {failure:?}");
        assert!(!failure.message.is_empty(), "{what}");
    }
}

#[test]
fn a_failing_step_tells_its_exit_code_and_its_last_lines() {
    let failure = judge(include_str!("recorded/failing-step.jsonl"));
    assert_eq!(failure.exit_code, Some(3));
    assert_eq!(failure.last_lines, ["before", "no such table"]);
    let step = "[3/4] RUN echo before; echo \"no such table\" >&2; exit 3";
    assert_eq!(failure.step.as_deref(), Some(step));
    assert_eq!(failure.message, format!("`{step}` ended with exit code 3."));
}

#[test]
fn a_step_that_was_stopped_has_not_failed_by_itself() {
    assert_eq!(hear(include_str!("recorded/cancelled.jsonl")).steps.failed(), None);
}

#[test]
fn a_first_build_is_told_step_by_step() {
    let heard = hear(include_str!("recorded/first-build.jsonl"));
    let log = |text: &str| Happening::Log { step: 3, text: text.to_owned() };
    let lines: Vec<_> = heard.told.iter().filter(|what| matches!(what, Happening::Log { step: 3, .. })).collect();
    assert_eq!(lines, [&log("red one"), &log("1"), &log("2"), &log("3"), &log("4"), &log("5")]);
    let names: Vec<&str> = heard.told.iter().filter_map(started).collect();
    assert_eq!(names.first(), Some(&"[base 1/2] COPY busybox /bin/busybox"));
    assert_eq!(names.last(), Some(&"exporting to image"));
    assert!(names.iter().all(|name| !name.contains("[internal]") && !name.contains("cache manifest")), "{names:?}");
    assert_eq!(heard.steps.count(), Count { known: 6, done: 6, cached: 0 });
}

#[test]
fn cached_steps_are_told_as_such() {
    let heard = hear(include_str!("recorded/cached-build.jsonl"));
    let Count { known, done, cached } = heard.steps.count();
    assert!(known == done && cached > 0, "{:?}", heard.steps.count());
    let is_cached = |what: &&Happening| matches!(what, Happening::StepFinished { cached: true, .. });
    assert_eq!(heard.told.iter().filter(is_cached).count(), usize::try_from(cached).unwrap());
}

fn started(what: &Happening) -> Option<&str> {
    match what {
        Happening::StepStarted { name, .. } => Some(name),
        _ => None,
    }
}
