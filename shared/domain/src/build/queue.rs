//! Whose turn it is to build: the tenant's that was served longest ago, and of a tenant's builds the oldest one's.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::BuildJobName;
use crate::naming::TenantId;

/// A build that waits for its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its Job.
    pub job: BuildJobName,
    /// Whose it is.
    pub tenant: TenantId,
    /// Since when it waits.
    pub created_at: Timestamp,
}

/// A build that had its turn and is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Its Job.
    pub job: BuildJobName,
    /// Whose it is.
    pub tenant: TenantId,
}

/// How many builds there may be at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueLimits {
    /// Running, of one tenant.
    pub running_per_tenant: usize,
    /// Running, of all tenants together.
    pub running_in_all: usize,
    /// Waiting, of one tenant.
    pub waiting_per_tenant: usize,
}

/// Why a build does not run yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaitingReason {
    /// Its tenant has as many running builds as one tenant may have.
    OwnBuildsRunning,
    /// As many builds run as the builders can take.
    BuildersBusy,
}

/// A build's place in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its Job.
    pub job: BuildJobName,
    /// 1 for the next.
    pub position: u32,
    /// Why it is not its turn.
    pub reason: WaitingReason,
}

/// What is to be done with every build that waits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Turns {
    /// These run now.
    pub admit: Vec<BuildJobName>,
    /// These go on waiting, the next one first.
    pub waiting: Vec<Place>,
    /// These are more than their tenants may have waiting; the newest are.
    pub refuse: Vec<BuildJobName>,
}

impl std::fmt::Display for WaitingReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::OwnBuildsRunning => "Another build of yours is running; this one begins when that one is done.",
            Self::BuildersBusy => "All builders are busy; this build begins as soon as one is free.",
        })
    }
}

/// Decides about every build that waits. `served` says when each tenant had its last turn.
#[must_use]
pub fn decide(
    waiting: &[Waiting],
    running: &[Running],
    served: &BTreeMap<TenantId, Timestamp>,
    limits: &QueueLimits,
) -> Turns {
    let mut builders = Builders::new(running, limits);
    let mut turns = Turns::default();
    let mut places: BTreeMap<&TenantId, usize> = BTreeMap::new();
    for build in in_turn(waiting, served) {
        let taken = places.entry(&build.tenant).or_default();
        match builders.take(&build.tenant) {
            Ok(()) => turns.admit.push(build.job.clone()),
            Err(_) if *taken >= limits.waiting_per_tenant => turns.refuse.push(build.job.clone()),
            Err(reason) => {
                *taken += 1;
                let position = u32::try_from(turns.waiting.len()).unwrap_or(u32::MAX).saturating_add(1);
                turns.waiting.push(Place { job: build.job.clone(), position, reason });
            }
        }
    }
    turns
}

/// The builds in the order in which they have their turns: the first of every tenant, those tenants first that were
/// served longest ago or never; then the second of every tenant, and so on.
fn in_turn<'a>(waiting: &'a [Waiting], served: &BTreeMap<TenantId, Timestamp>) -> Vec<&'a Waiting> {
    let mut of_tenants: BTreeMap<&TenantId, Vec<&Waiting>> = BTreeMap::new();
    for build in waiting {
        of_tenants.entry(&build.tenant).or_default().push(build);
    }
    let mut turns = Vec::with_capacity(waiting.len());
    for (tenant, mut builds) in of_tenants {
        builds.sort_by_key(|build| (build.created_at, &build.job));
        let oldest = builds.first().map(|build| build.created_at);
        let standing = (served.get(tenant), oldest, tenant);
        turns.extend(builds.into_iter().enumerate().map(|(round, build)| ((round, standing), build)));
    }
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, build)| build).collect()
}

/// What is free on the builders.
struct Builders<'a> {
    limits: &'a QueueLimits,
    in_all: usize,
    of_tenants: BTreeMap<TenantId, usize>,
}

impl<'a> Builders<'a> {
    fn new(running: &[Running], limits: &'a QueueLimits) -> Self {
        let mut of_tenants = BTreeMap::new();
        for build in running {
            *of_tenants.entry(build.tenant.clone()).or_default() += 1;
        }
        Self { limits, in_all: running.len(), of_tenants }
    }

    fn take(&mut self, tenant: &TenantId) -> Result<(), WaitingReason> {
        let own = self.of_tenants.entry(tenant.clone()).or_default();
        if *own >= self.limits.running_per_tenant {
            return Err(WaitingReason::OwnBuildsRunning);
        }
        if self.in_all >= self.limits.running_in_all {
            return Err(WaitingReason::BuildersBusy);
        }
        *own += 1;
        self.in_all += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
