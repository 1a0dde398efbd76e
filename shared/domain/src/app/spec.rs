//! What an app is, as its last release says.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{AppStatus, AwakeHours, PodCompute};
use crate::manifest::Route;
use crate::naming::{ProjectName, TenantId};
use crate::release::ReleaseNumber;

/// What an app consists of, which only roll-out writes, and its owner's wishes about its sleep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppSpec {
    /// Whose it is.
    pub tenant: TenantId,
    /// The tenant's project, whose name it has.
    pub project: ProjectName,
    /// The release that runs.
    pub release: ReleaseNumber,
    /// Where it is reached; absent if the project has no routes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Which paths lead where.
    #[serde(default)]
    pub routes: Vec<Route>,
    /// What runs.
    #[serde(default)]
    pub workloads: Vec<AppWorkload>,
    /// How long nobody may have asked for it before it goes to sleep; absent for one that never sleeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_after_seconds: Option<u32>,
    /// In which hours of each week it stays awake, and is woken as they begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awake_hours: Option<AwakeHours>,
    /// Until when it stays awake in any case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_awake_until: Option<Timestamp>,
    /// The epoch in which its owner wanted it asleep; in a later one that is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sleep_wanted_in_epoch: Option<u64>,
}

/// A workload of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppWorkload {
    /// Its kind.
    pub kind: WorkloadKind,
    /// Its name.
    pub name: String,
    /// How many pods its owner's object asks for.
    pub replicas: u32,
    /// When it wakes: those of wave 0 first, and each wave once the one before is ready.
    #[serde(default)]
    pub wave: u32,
    /// What each of its pods asks for and may use.
    #[serde(default)]
    pub pod: PodCompute,
}

/// The kinds of workload that sleep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum WorkloadKind {
    /// `apps/v1` Deployment.
    Deployment,
    /// `apps/v1` `StatefulSet`.
    StatefulSet,
}

impl AppSpec {
    /// Whether the gateway ever leads to it.
    #[must_use]
    pub fn is_routed(&self) -> bool {
        self.host.is_some() && !self.routes.is_empty()
    }

    /// Whether its owner wants it asleep as soon as nobody uses it.
    #[must_use]
    pub fn wants_sleep(&self, status: &AppStatus) -> bool {
        self.sleep_wanted_in_epoch == Some(status.epoch)
    }

    /// The hours in which it is to be awake at this moment. Its owner's wish that it sleeps counts for more, until they
    /// begin anew.
    #[must_use]
    pub fn hours_now(&self, status: &AppStatus, now: Timestamp) -> Option<&AwakeHours> {
        let hours = self.awake_hours.as_ref()?;
        let began = hours.began(now)?;
        let have_begun_since = status.phase.is_down() && status.since < began;
        (have_begun_since || !self.is_asleep_by_wish(status)).then_some(hours)
    }

    /// Whether it sleeps, or is about to, because its owner wants that: two epochs lie between awake and asleep.
    fn is_asleep_by_wish(&self, status: &AppStatus) -> bool {
        self.sleep_wanted_in_epoch.is_some_and(|epoch| (epoch..=epoch.saturating_add(2)).contains(&status.epoch))
    }

    /// How long nobody may have asked for it before it goes to sleep; absent if it never does.
    #[must_use]
    pub fn idle_after(&self, status: &AppStatus) -> Option<SignedDuration> {
        if self.wants_sleep(status) {
            return Some(SignedDuration::ZERO);
        }
        self.idle_after_seconds.map(|seconds| SignedDuration::from_secs(seconds.into()))
    }
}

impl WorkloadKind {
    /// Its name, as objects have it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
        }
    }
}
