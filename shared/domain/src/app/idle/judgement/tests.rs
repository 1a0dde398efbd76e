use std::collections::BTreeMap;

use super::*;
use crate::app::idle::{Forwarding, GatewayProcess};

const LULL: Lull = Lull { without_requests: SignedDuration::from_mins(5), in_silence: SignedDuration::from_hours(1) };

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn process(now: i64) -> GatewayProcess {
    GatewayProcess { born: at(-10_000), read_at: at(now - 10), is_up: true, minutes_covered: 5 }
}

/// Two gateways, read ten seconds ago.
fn measured(now: i64) -> Measurements {
    Measurements {
        asked_at: at(now),
        gateways: [("a".to_owned(), Some(process(now))), ("b".to_owned(), Some(process(now)))].into(),
        came_in: 100,
        counted: 100,
        has_warnings: false,
    }
}

fn begun(a: u64, b: u64) -> Usage {
    let begun: BTreeMap<_, _> = [("a".to_owned(), a), ("b".to_owned(), b)].into();
    Usage { begun, ..Usage::default() }
}

fn kept(now: i64, usage: &Usage) -> IdleRecord {
    match judge(&measured(now), usage, None, LULL) {
        Verdict::Used(Some(record)) => record,
        other => panic!("{other:?}"),
    }
}

fn is_idle(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Idle(_))
}

#[test]
fn an_app_is_idle_once_its_counters_stood_still_for_the_idle_time() {
    let record = kept(0, &begun(5, 7));
    assert_eq!(judge(&measured(299), &begun(5, 7), Some(&record), LULL), Verdict::Quiet(at(0)));
    let verdict = judge(&measured(310), &begun(5, 7), Some(&record), LULL);
    let Verdict::Idle(proof) = verdict else { panic!("{verdict:?}") };
    assert_eq!((proof.record().last_active, proof.record().evaluated_at), (at(0), at(300)));
}

#[test]
fn an_app_that_nobody_ever_visited_is_idle_too() {
    let record = kept(0, &Usage::default());
    assert!(is_idle(&judge(&measured(400), &Usage::default(), Some(&record), LULL)));
}

#[test]
fn any_change_of_any_counter_is_use() {
    let record = kept(0, &begun(5, 7));
    for usage in [begun(6, 7), begun(5, 8), begun(6, 6), begun(4, 7), begun(0, 0), Usage::default()] {
        let verdict = judge(&measured(400), &usage, Some(&record), LULL);
        assert!(matches!(verdict, Verdict::Used(Some(_))), "{usage:?}: {verdict:?}");
    }
    let busy = Usage { is_busy: true, ..begun(6, 7) };
    let verdict = judge(&measured(400), &busy, Some(&record), LULL);
    assert_eq!(verdict, Verdict::Used(None), "what is in use all the time is not written down all the time");
}

#[test]
fn a_gateway_that_is_new_or_gone_or_begun_anew_is_use() {
    let record = kept(0, &begun(5, 7));
    let mut one_more = measured(400);
    one_more.gateways.insert("c".to_owned(), Some(process(400)));
    let mut one_less = measured(400);
    one_less.gateways.remove("b");
    let mut begun_anew = measured(400);
    let young = GatewayProcess { born: at(5), ..process(400) };
    begun_anew.gateways.insert("b".to_owned(), Some(young));
    for measurements in [one_more, one_less, begun_anew] {
        let verdict = judge(&measurements, &begun(5, 7), Some(&record), LULL);
        assert!(matches!(verdict, Verdict::Used(Some(_))), "{verdict:?}");
    }
}

#[test]
fn what_is_not_measured_is_not_known() {
    let record = kept(0, &begun(5, 7));
    let with_b = |process: Option<GatewayProcess>| {
        let mut measurements = measured(400);
        measurements.gateways.insert("b".to_owned(), process);
        measurements
    };
    let cases = [
        (Measurements { has_warnings: true, ..measured(400) }, Doubt::Incomplete),
        (Measurements { gateways: BTreeMap::new(), ..measured(400) }, Doubt::NoGateway),
        (Measurements { counted: 0, ..measured(400) }, Doubt::NotCounted),
        (with_b(None), Doubt::Unmeasured("b".to_owned())),
        (with_b(Some(GatewayProcess { is_up: false, ..process(400) })), Doubt::Gaps("b".to_owned())),
        (with_b(Some(GatewayProcess { minutes_covered: 3, ..process(400) })), Doubt::Gaps("b".to_owned())),
        (with_b(Some(GatewayProcess { read_at: at(339), ..process(400) })), Doubt::Old("b".to_owned())),
    ];
    for (measurements, doubt) in cases {
        let verdict = judge(&measurements, &begun(5, 7), Some(&record), LULL);
        assert_eq!(verdict, Verdict::Unknown(doubt));
    }
}

#[test]
fn an_open_stream_keeps_an_app_awake_and_its_end_begins_the_idle_time() {
    let record = kept(0, &begun(5, 7));
    let open = Usage { open: 1, ..begun(5, 7) };
    let Verdict::Open(Some(noted)) = judge(&measured(60), &open, Some(&record), LULL) else { panic!() };
    assert_eq!(judge(&measured(120), &open, Some(&noted), LULL), Verdict::Open(None));
    let Verdict::Open(Some(renewed)) = judge(&measured(4000), &open, Some(&noted), LULL) else { panic!() };
    let Verdict::Used(Some(ended)) = judge(&measured(4100), &begun(5, 7), Some(&renewed), LULL) else { panic!() };
    assert_eq!(judge(&measured(4390), &begun(5, 7), Some(&ended), LULL), Verdict::Quiet(at(4100)));
}

fn open_with(bytes: u64, now: i64) -> Usage {
    let network = Network { bytes, at: at(now), probes: 1000 };
    Usage { open: 1, network: Some(network), ..begun(5, 7) }
}

/// Looks once a minute at a stream that moves so many bytes a second; after how many seconds it counts as left behind.
fn left_behind_after(rate: u64) -> Option<i64> {
    let mut record = kept(0, &begun(5, 7));
    for now in (60..8000).step_by(60) {
        match judge(&measured(now), &open_with(rate * now.unsigned_abs(), now), Some(&record), LULL) {
            Verdict::Open(Some(renewed)) => record = renewed,
            Verdict::Open(None) => {}
            // The time since the last renewal, which the open request pushed on.
            Verdict::Idle(_) | Verdict::Quiet(_) => return Some(now),
            other => panic!("{other:?}"),
        }
    }
    None
}

#[test]
fn a_request_that_moves_nothing_but_probes_for_an_hour_was_left_behind() {
    assert_eq!(left_behind_after(500), Some(3660));
    assert_eq!(left_behind_after(1200), None);
}

#[test]
fn a_drain_ends_well_only_if_everything_was_read_after_the_route_was_gone_and_is_as_it_was() {
    let record = kept(0, &begun(5, 7));
    let since = |from: i64, b: &[u64]| {
        let readings = |begun: &[u64]| Readings { whole_from: at(from), begun: begun.iter().copied().collect() };
        [("a".to_owned(), readings(&[])), ("b".to_owned(), readings(b))].into()
    };
    let drained = |b: &[u64], gone: i64| is_drained(&measured(100), &since(-60, b), &record, at(gone));
    assert_eq!(drained(&[7], 80), Ok(Drained::Yes));
    assert_eq!(drained(&[], 80), Ok(Drained::Yes), "with the route the counters go");
    assert_eq!(drained(&[7], 95), Ok(Drained::NotYet));
    assert_eq!(drained(&[7, 8], 80), Ok(Drained::No));
    assert_eq!(drained(&[1], 80), Ok(Drained::No));
    let with_gap = since(5, &[7]);
    assert_eq!(is_drained(&measured(100), &with_gap, &record, at(80)), Ok(Drained::No), "one may be lost");
    let silent = Measurements { counted: 0, ..measured(100) };
    assert_eq!(is_drained(&silent, &since(-60, &[7]), &record, at(80)), Err(Doubt::NotCounted));
    let mut one_more = measured(100);
    one_more.gateways.insert("c".to_owned(), Some(process(100)));
    assert_eq!(is_drained(&one_more, &since(-60, &[7]), &record, at(80)), Ok(Drained::No));
}

#[test]
fn what_wakers_forward_is_use_too() {
    let record = kept(0, &begun(5, 7));
    let weighed = |open: u64, last_used: i64| {
        let Verdict::Idle(proof) = judge(&measured(410), &begun(5, 7), Some(&record), LULL) else { panic!() };
        let waker = Forwarding { epoch: Some(1), open, last_used: at(last_used) };
        proof.weighed(&[waker], LULL.without_requests).map_err(|record| record.last_active)
    };
    assert!(weighed(0, 100).is_ok());
    assert_eq!(weighed(0, 101), Err(at(101)));
    assert_eq!(weighed(1, 0), Err(at(400)));
}
