//! What was measured of a cluster's gateway, and of one app behind it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

/// Readings older than this say nothing about now.
const FRESH: SignedDuration = SignedDuration::from_secs(60);
/// In how many of the last minutes a process has to have been read, unless it is younger.
pub(super) const MINUTES_LOOKED_AT: i64 = 5;

/// What was measured of a cluster, once for all its apps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measurements {
    /// When they were asked for, by the clock of the measurements.
    pub asked_at: Timestamp,
    /// The pods of the gateway that run, by the cluster's account, each with what was read from it.
    pub gateways: BTreeMap<String, Option<GatewayProcess>>,
    /// How many requests came in by HTTPS in the last minutes.
    pub came_in: u64,
    /// How many were counted for routes that there were in these minutes.
    pub counted: u64,
    /// Whether the answer came with a warning that it may not be whole.
    pub has_warnings: bool,
}

/// A process of the gateway, as it was read last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GatewayProcess {
    /// When it began.
    pub born: Timestamp,
    /// When it was last read, or tried to.
    pub read_at: Timestamp,
    /// Whether that succeeded.
    pub is_up: bool,
    /// In how many of the last minutes it was read.
    pub minutes_covered: i64,
}

/// What was measured of an app.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// How many requests began, in each pod of the gateway that ever had one.
    pub begun: BTreeMap<String, u64>,
    /// How many of them have not ended.
    pub open: u64,
    /// Whether some began within the last moments.
    pub is_busy: bool,
    /// While it is drained, or after a drain that came to nothing: how many had begun, by all readings since the proof of
    /// its idleness.
    pub begun_since: BTreeMap<String, Readings>,
    /// What its pods received and sent; looked at only while requests are open.
    pub network: Option<Network>,
}

/// How many requests for an app a pod of the gateway had begun, by several readings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readings {
    /// From when on no reading of the pod failed or is lost.
    pub whole_from: Timestamp,
    /// What was read; nothing where there was nothing to read.
    pub begun: BTreeSet<u64>,
}

/// The network of an app's pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// How much they received and sent in all.
    pub bytes: u64,
    /// As of when.
    pub at: Timestamp,
    /// How much of that the probes of the cluster make up at most, in bytes per second.
    pub probes: u64,
}

/// Why measurements prove nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// None could be had.
    #[error("the requests at the gateway could not be looked up")]
    Missing,
    /// Their answer says itself that it may not be whole.
    #[error("not all requests at the gateway could be looked up")]
    Incomplete,
    /// There is no gateway.
    #[error("no gateway runs")]
    NoGateway,
    /// A pod of the gateway is not among them.
    #[error("the requests at {0} are not measured")]
    Unmeasured(String),
    /// A pod of the gateway did not answer when it was last read, or too often.
    #[error("the requests at {0} are measured with gaps")]
    Gaps(String),
    /// A pod of the gateway was not read lately.
    #[error("the requests at {0} were not measured lately")]
    Old(String),
    /// Requests come in, and none is counted for any route.
    #[error("requests come in, and are not counted")]
    NotCounted,
}

impl Measurements {
    /// Why they prove nothing, if that is so.
    pub fn check(&self) -> Result<(), Doubt> {
        if self.has_warnings {
            return Err(Doubt::Incomplete);
        }
        if self.gateways.is_empty() {
            return Err(Doubt::NoGateway);
        }
        if self.came_in > 0 && self.counted == 0 {
            return Err(Doubt::NotCounted);
        }
        self.gateways.iter().try_for_each(|(pod, process)| match process {
            None => Err(Doubt::Unmeasured(pod.clone())),
            Some(process) => process.check(pod, self.asked_at),
        })
    }

    /// Up to when nothing can have been missed.
    #[must_use]
    pub fn complete_until(&self) -> Timestamp {
        self.processes().map(|process| process.read_at).min().unwrap_or(self.asked_at)
    }

    pub(super) fn processes(&self) -> impl Iterator<Item = &GatewayProcess> {
        self.gateways.values().flatten()
    }
}

impl GatewayProcess {
    fn check(&self, pod: &str, now: Timestamp) -> Result<(), Doubt> {
        // The first and the last minute are seldom whole.
        let age = now.duration_since(self.born).as_secs() / 60;
        if !self.is_up || self.minutes_covered + 1 < age.min(MINUTES_LOOKED_AT) {
            return Err(Doubt::Gaps(pod.to_owned()));
        }
        if now.duration_since(self.read_at) > FRESH {
            return Err(Doubt::Old(pod.to_owned()));
        }
        Ok(())
    }
}

impl Doubt {
    /// Its name, which never changes.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Missing => "MeasurementsMissing",
            Self::Incomplete => "MeasurementsIncomplete",
            Self::NoGateway => "NoGateway",
            Self::Unmeasured(_) => "GatewayUnmeasured",
            Self::Gaps(_) => "MeasurementsWithGaps",
            Self::Old(_) => "MeasurementsOld",
            Self::NotCounted => "RequestsNotCounted",
        }
    }
}
