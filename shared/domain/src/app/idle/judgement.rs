//! From what was measured now and kept from before to a verdict about one app.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{Doubt, Measurements, Network, ProvenIdle, Readings, Usage};
use crate::app::IdleRecord;

/// What moves besides probes without anybody using the app: address resolution, time, keep-alives. In bytes per second.
const BACKGROUND: u64 = 64;
/// What is kept is renewed after this part of the idle time, not with every look.
const RENEWALS: i32 = 4;

/// After how long of what an app is idle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lull {
    /// Nobody has asked for it.
    pub without_requests: SignedDuration,
    /// A request that does not end has moved nothing: it was left behind. The gateway does not count the end of one that
    /// broke in the middle of its answer.
    pub in_silence: SignedDuration,
}

/// What the evidence says about an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody has used it for long enough: proven.
    Idle(ProvenIdle),
    /// Nobody uses it now, and has not since this time.
    Quiet(Timestamp),
    /// Somebody uses it, or may have since the last look; with what to keep for the next, if it is worth a write.
    Used(Option<IdleRecord>),
    /// A request is open; the same.
    Open(Option<IdleRecord>),
    /// It cannot be known.
    Unknown(Doubt),
}

/// Whether an app that is being drained is still as idle as it was proven to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// It is.
    Yes,
    /// It is too early to know.
    NotYet,
    /// Something began, or may have.
    No,
}

/// Judges an app by what was measured now and what was kept of the look before.
#[must_use]
pub fn judge(measurements: &Measurements, usage: &Usage, before: Option<&IdleRecord>, lull: Lull) -> Verdict {
    if let Err(doubt) = measurements.check() {
        return Verdict::Unknown(doubt);
    }
    let now = reading(measurements, usage);
    let Some(before) = before else {
        return if usage.open > 0 { Verdict::Open(Some(now)) } else { Verdict::Used(Some(now)) };
    };
    if usage.open > 0 && !is_left_behind(usage.network, before, lull) {
        return Verdict::Open(open_record(usage.network, before, now, lull));
    }
    if before.is_open && usage.open == 0 {
        return Verdict::Used(Some(now));
    }
    if !is_unchanged(measurements, &now, before) {
        return Verdict::Used((!usage.is_busy).then_some(now));
    }
    if now.evaluated_at.duration_since(before.last_active) < lull.without_requests {
        return Verdict::Quiet(before.last_active);
    }
    Verdict::Idle(ProvenIdle::new(IdleRecord { last_active: before.last_active, ..now }))
}

/// Whether nothing has begun since the proof with which a drain began. With the route the gateway forgets its counters,
/// after it was read once more: so no reading since may be missing.
pub fn is_drained(
    measurements: &Measurements,
    since: &BTreeMap<String, Readings>,
    proof: &IdleRecord,
    route_gone_at: Timestamp,
) -> Result<Drained, Doubt> {
    measurements.check()?;
    let are_same = measurements.gateways.keys().eq(proof.counters.keys()) && have_run_since(measurements, proof);
    if !are_same || !stands_still(since, proof) {
        return Ok(Drained::No);
    }
    Ok(if measurements.complete_until() > route_gone_at { Drained::Yes } else { Drained::NotYet })
}

/// Whether every pod of the gateway was read without a gap since a proof, and had begun nothing more.
pub(super) fn stands_still(since: &BTreeMap<String, Readings>, proof: &IdleRecord) -> bool {
    proof.counters.iter().all(|(pod, proven)| {
        let readings = since.get(pod).filter(|readings| readings.whole_from <= proof.evaluated_at);
        readings.is_some_and(|readings| readings.begun.iter().all(|begun| begun == proven))
    })
}

/// What is kept of a look that found the app in use.
fn reading(measurements: &Measurements, usage: &Usage) -> IdleRecord {
    let count = |pod: &String| (pod.clone(), usage.begun.get(pod).copied().unwrap_or(0));
    IdleRecord {
        evaluated_at: measurements.complete_until(),
        last_active: measurements.asked_at,
        is_open: usage.open > 0,
        counters: measurements.gateways.keys().map(count).collect(),
        network_bytes: usage.network.map(|network| network.bytes),
        network_at: usage.network.map(|network| network.at),
    }
}

/// Whether the same processes have begun as many requests as before.
fn is_unchanged(measurements: &Measurements, now: &IdleRecord, before: &IdleRecord) -> bool {
    have_run_since(measurements, before) && now.counters == before.counters
}

fn have_run_since(measurements: &Measurements, before: &IdleRecord) -> bool {
    measurements.processes().all(|process| process.born <= before.evaluated_at)
}

/// Whether nothing has moved for long, however many requests seem to be open.
fn is_left_behind(network: Option<Network>, before: &IdleRecord, lull: Lull) -> bool {
    let (Some(now), Some(at)) = (network, before.network_at) else { return false };
    !moves(now, before) && now.at.duration_since(at) >= lull.in_silence
}

fn moves(now: Network, before: &IdleRecord) -> bool {
    let (Some(bytes), Some(at)) = (before.network_bytes, before.network_at) else { return true };
    let seconds = u64::try_from(now.at.duration_since(at).as_secs()).unwrap_or(0);
    let expected = now.probes.saturating_add(BACKGROUND).saturating_mul(seconds);
    // Fewer than before: other pods, whose bytes count from 0.
    now.bytes.checked_sub(bytes).is_none_or(|moved| moved > expected)
}

/// Keeps when something last moved, and that the app was in use at all.
fn open_record(network: Option<Network>, before: &IdleRecord, now: IdleRecord, lull: Lull) -> Option<IdleRecord> {
    let is_due = now.last_active.duration_since(before.last_active) >= lull.without_requests / RENEWALS;
    let begins = network.is_some() && before.network_at.is_none();
    if !is_due && !begins && before.is_open {
        return None;
    }
    let keeps_still = network.is_none_or(|network| !moves(network, before));
    let (network_bytes, network_at) =
        if keeps_still { (before.network_bytes, before.network_at) } else { (now.network_bytes, now.network_at) };
    Some(IdleRecord { network_bytes, network_at, ..now })
}

#[cfg(test)]
mod tests;
