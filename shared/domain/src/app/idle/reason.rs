//! Why an app that nobody asks for does not sleep: a closed list, for its owner to read.

use jiff::Timestamp;

use super::Doubt;
use crate::app::{AwakeHours, Refusal};

/// Why an app does not sleep.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// It is not to sleep at all.
    #[error("it never sleeps, as its plan or its release says")]
    NeverSleeps,
    /// Nobody could wake it.
    #[error("it has no address, so no request could wake it")]
    NoRoute,
    /// Its owner, or the platform, keeps it awake for a time.
    #[error("it is kept awake until {0}")]
    KeptAwakeUntil(Timestamp),
    /// It is in the hours in which it stays awake.
    #[error("it stays awake in its hours, {0}")]
    AwakeHours(AwakeHours),
    /// Its owner keeps it awake.
    #[error("the annotation roost.dev/keep-awake keeps it awake")]
    KeptAwake,
    /// A release is being rolled out.
    #[error("a release is being rolled out")]
    RollingOut,
    /// It has only just woken.
    #[error("it was started a short time ago")]
    StartedRecently,
    /// None of its workloads has pods.
    #[error("none of its workloads has any pods to stop")]
    NothingRuns,
    /// A workload is on its way from one state to another.
    #[error("{0} is being changed")]
    WorkloadChanging(String),
    /// A workload of the release is not there.
    #[error("{0} is not there")]
    WorkloadMissing(String),
    /// An autoscaler is about to change how many pods there are.
    #[error("the HorizontalPodAutoscaler of {0} is changing the number of pods")]
    AutoscalerAtWork(String),
    /// The volumes would be deleted with the pods.
    #[error("{0} deletes its volumes when it has no pods (persistentVolumeClaimRetentionPolicy.whenScaled)")]
    VolumesAtRisk(String),
    /// A request has not ended.
    #[error("a request or a stream is open")]
    OpenRequest,
    /// A request may be open that the gateway does not count any more.
    #[error("a request that began as it was about to sleep may still be open")]
    MayBeOpen,
    /// Too few wakers.
    #[error("too few of the servers that would wake it are ready")]
    TooFewWakers,
    /// Too many apps at once.
    #[error("very many apps are idle at the same time, so they go to sleep one after another")]
    ManyAtOnce,
    /// Nobody knows whether it is used.
    #[error("{0}")]
    Unknown(#[from] Doubt),
}

impl Reason {
    /// Its name, which never changes.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::NeverSleeps => "NeverSleeps",
            Self::NoRoute => "NoRoute",
            Self::KeptAwakeUntil(_) | Self::KeptAwake => "KeptAwake",
            Self::AwakeHours(_) => "AwakeHours",
            Self::RollingOut => "RollingOut",
            Self::StartedRecently => "StartedRecently",
            Self::NothingRuns => "NothingRuns",
            Self::WorkloadChanging(_) => "WorkloadChanging",
            Self::WorkloadMissing(_) => "WorkloadMissing",
            Self::AutoscalerAtWork(_) => "AutoscalerAtWork",
            Self::VolumesAtRisk(_) => "VolumesAtRisk",
            Self::OpenRequest => "OpenRequest",
            Self::MayBeOpen => "MayBeOpen",
            Self::TooFewWakers => "TooFewWakers",
            Self::ManyAtOnce => "ManyAtOnce",
            Self::Unknown(doubt) => doubt.name(),
        }
    }

    /// The reason as the App has it.
    #[must_use]
    pub fn refusal(&self, now: Timestamp) -> Refusal {
        Refusal { reason: self.name().to_owned(), message: self.to_string(), since: now }
    }
}
