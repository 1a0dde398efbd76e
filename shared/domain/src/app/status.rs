//! Where an app stands, and what the next step needs to know.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::idle::Reason;
use super::{Cause, CauseKind, Phase, RunTime, Wake, WorkloadKind};

/// An app's state. Every writer has read what it replaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppStatus {
    /// Where it is in its life.
    pub phase: Phase,
    /// How often the phase has changed. What is done to workloads and routes carries it.
    pub epoch: u64,
    /// Since when it is in this phase.
    pub since: Timestamp,
    /// What brought it there.
    pub cause: Cause,
    /// Whether a release is being rolled out.
    #[serde(default)]
    pub rolling_out: bool,
    /// Whether nothing is left to be done about an app that does not run: it is not looked at until somebody asks.
    #[serde(default)]
    pub settled: bool,
    /// What ran before it was put to sleep, never with 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub saved: Vec<SavedReplicas>,
    /// What was last seen of its use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle: Option<IdleRecord>,
    /// How far a drain has come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drain: Option<Drain>,
    /// The proof of a drain that came to nothing, until it is certain that no request of before is open unseen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abandoned: Option<IdleRecord>,
    /// Why it does not sleep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// How its waking goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wake: Option<Wake>,
    /// How long it took to wake, in milliseconds, the last ten times.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wake_millis: Vec<u64>,
    /// How long it had run, on the day on which it entered its phase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ran: Option<RunTime>,
}

/// How many pods of a workload ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedReplicas {
    /// The workload's kind.
    pub kind: WorkloadKind,
    /// The workload's name.
    pub name: String,
    /// At least 1.
    pub replicas: u32,
}

/// What was last seen of an app's use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IdleRecord {
    /// As of when, by the clock of the measurements.
    pub evaluated_at: Timestamp,
    /// When there was last a sign of use, or of measurements that cannot be relied on.
    pub last_active: Timestamp,
    /// Whether a request was open.
    #[serde(default, rename = "open")]
    pub is_open: bool,
    /// How many requests had begun at each pod of the gateway.
    #[serde(default)]
    pub counters: BTreeMap<String, u64>,
    /// How many bytes the app's pods had received and sent, when those were last looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_bytes: Option<u64>,
    /// As of when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_at: Option<Timestamp>,
}

/// How far a drain has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Drain {
    /// Since when no replica of the gateway has led to it.
    pub route_gone_at: Timestamp,
}

/// Why an app does not sleep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// The reason's name, which never changes.
    pub reason: String,
    /// The reason in plain words.
    pub message: String,
    /// Since when.
    pub since: Timestamp,
}

impl AppStatus {
    /// The state of an app of which nothing is there yet.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            phase: Phase::Awake,
            epoch: 0,
            since: now,
            cause: Cause::new(CauseKind::Release, "its first release"),
            rolling_out: false,
            settled: false,
            saved: Vec::new(),
            idle: None,
            drain: None,
            abandoned: None,
            refusal: None,
            wake: None,
            wake_millis: Vec::new(),
            ran: None,
        }
    }

    /// Whether a waker may forward requests to it: it is awake, and all that ran before it slept is known to run again.
    #[must_use]
    pub fn may_be_reached(&self) -> bool {
        self.phase == Phase::Awake && self.saved.is_empty()
    }

    /// The same state once no request can be open that began before its last drain.
    #[must_use]
    pub fn without_abandoned(&self) -> Self {
        Self { abandoned: None, ..self.clone() }
    }

    /// The same state with another note of what ran, because it was found changed before it was scaled down.
    #[must_use]
    pub fn with_saved(&self, kind: WorkloadKind, name: &str, replicas: u32) -> Self {
        let others = self.saved.iter().filter(|saved| saved.kind != kind || saved.name != name).cloned();
        let saved = others.chain([SavedReplicas { kind, name: name.to_owned(), replicas }]).collect();
        Self { saved, ..self.clone() }
    }

    /// The same state with what was seen of its use and why it does not sleep, if that is anything new. Since when a
    /// reason holds is kept.
    #[must_use]
    pub fn observed(&self, idle: Option<IdleRecord>, reason: Option<&Reason>, now: Timestamp) -> Option<Self> {
        let refusal = reason.map(|reason| reason.refusal(now)).map(|refusal| match &self.refusal {
            Some(known) if known.reason == refusal.reason => known.clone(),
            _ => refusal,
        });
        let next = Self { idle, refusal, ..self.clone() };
        (next != *self).then_some(next)
    }
}
