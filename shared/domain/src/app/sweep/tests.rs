use serde_json::json;

use super::*;

/// On a Monday, an hour after the app's hours began.
const NOW: &str = "2025-01-06T09:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn spec() -> AppSpec {
    let spec = json!({
        "tenant": "u1", "project": "shop", "release": 1, "host": "custard-tasty-pie.example.com",
        "routes": [{"path": "/", "service": "web", "port": 80}], "idleAfterSeconds": 300,
        "awakeHours": "mon-fri 08:00-18:00 UTC",
    });
    serde_json::from_value(spec).unwrap()
}

/// An app that came to a phase so many hours ago.
fn status(phase: Phase, hours: i64) -> AppStatus {
    let since = now() - SignedDuration::from_hours(hours);
    AppStatus { phase, epoch: 5, settled: phase.is_down(), ..AppStatus::new(since) }
}

fn task(spec: &AppSpec, status: &AppStatus) -> Task {
    let (usage, measurements) = (Usage::default(), Err(&Doubt::Missing));
    let route_opened = Some(status.since);
    Look { spec, status, route_opened, measurements, usage: &usage }.task(&Patience::usual(), now())
}

fn is_woken(spec: &AppSpec, status: &AppStatus) -> bool {
    matches!(task(spec, status), Task::Wake(cause) if cause.kind == CauseKind::Schedule)
}

#[test]
fn an_app_that_sleeps_is_woken_in_its_hours() {
    let without = AppSpec { awake_hours: None, ..spec() };
    let later = AppSpec { awake_hours: "mon 10:00-18:00 UTC".parse().ok(), ..spec() };
    let unsettled = AppStatus { settled: false, ..status(Phase::Asleep, 10) };
    assert!(is_woken(&spec(), &status(Phase::Asleep, 10)) && is_woken(&spec(), &unsettled));
    for spec in [without, later] {
        assert_eq!(task(&spec, &status(Phase::Asleep, 10)), Task::Nothing);
        assert_eq!(task(&spec, &unsettled), Task::Stop);
    }
}

#[test]
fn an_app_that_was_put_to_sleep_in_its_hours_sleeps_until_they_begin_anew() {
    // It was awake in epoch 3.
    let wished = AppSpec { sleep_wanted_in_epoch: Some(3), ..spec() };
    assert!(!is_woken(&wished, &status(Phase::Asleep, 0)));
    assert!(is_woken(&wished, &status(Phase::Asleep, 10)), "its hours have begun since");
    let earlier = AppSpec { sleep_wanted_in_epoch: Some(2), ..spec() };
    assert!(is_woken(&earlier, &status(Phase::Asleep, 0)), "the wish was of another sleep");
}

#[test]
fn an_app_that_fails_to_wake_is_tried_again_after_its_pauses() {
    let failed = |pause| {
        let next = now() + SignedDuration::from_secs(pause);
        let wake = json!({"startedAt": NOW, "failures": 1, "nextAttemptAt": next});
        AppStatus { wake: serde_json::from_value(wake).unwrap(), ..status(Phase::Failed, 0) }
    };
    assert!(is_woken(&spec(), &failed(0)));
    assert_eq!(task(&spec(), &failed(1)), Task::Nothing);
}

#[test]
fn an_app_does_not_fall_asleep_in_its_hours_unless_its_owner_wants_it() {
    let Task::Note(noted) = task(&spec(), &status(Phase::Awake, 10)) else { panic!() };
    let refusal = noted.refusal.unwrap();
    assert_eq!(refusal.reason, "AwakeHours");
    assert_eq!(refusal.message, "it stays awake in its hours, mon-fri 08:00-18:00 UTC");
    let draining = AppStatus { since: now(), ..status(Phase::Draining, 0) };
    assert!(matches!(task(&spec(), &draining), Task::KeepAwake(why) if why == refusal.message));
    let wished = |epoch| AppSpec { sleep_wanted_in_epoch: Some(epoch), ..spec() };
    let Task::Note(noted) = task(&wished(5), &status(Phase::Awake, 10)) else { panic!() };
    assert_eq!(noted.refusal.unwrap().reason, Doubt::Missing.name());
    assert_eq!(task(&wished(4), &draining), Task::Nothing);
}
