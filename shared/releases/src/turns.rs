//! Builds get their turns: whoever comes to know that a builder may be free hands them out.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use roost_aws::table::{HistoryEntry, TableError, TurnsRecord};
use roost_cluster::build::{Admission, BuildJob, BuildJobs};
use roost_domain::build::BuildJobState;
use roost_domain::build::queue::{Place, QueueLimits, Running, Waiting, decide};
use roost_domain::naming::ClusterName;
use roost_domain::release::{PlatformFailureReason, QueuePlace, Release, ReleaseFailure, ReleaseState};
use tracing::{info, warn};

use crate::order::write_order;
use crate::{ReleasePlatform, StepFailure, TenantHome, take_back};

/// How often turns are decided anew because somebody else handed some out.
const ATTEMPTS: usize = 5;
/// The time within which the cluster shows a build as running that was let in.
const SHOWN_AFTER: SignedDuration = SignedDuration::from_secs(60);
const QUEUED_PER_TENANT: usize = 25;
/// A tenant that had no turn for so long stands before all others anyway.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// Lets in the builds of a cluster whose turn it is, and tells the others their places.
pub async fn hand_out_turns(platform: &ReleasePlatform, home: &TenantHome) -> Result<(), StepFailure> {
    let builds = BuildJobs::new(home.client.clone());
    for _ in 0..ATTEMPTS {
        let queue = Queue::read(platform, &home.cluster, &builds).await?;
        if queue.waiting.is_empty() {
            return Ok(());
        }
        match queue.hand_out(platform, home, &builds).await {
            Err(failure) if failure.is_conflict() => info!("somebody else hands out turns"),
            handed_out => return handed_out,
        }
    }
    // Whoever was in the way hands them out; what is left over the schedule finds.
    Ok(())
}

/// The builds of a cluster that have to do with this platform's releases.
struct Queue {
    turns: TurnsRecord,
    waiting: Vec<(BuildJob, Release)>,
    running: Vec<BuildJob>,
}

impl Queue {
    async fn read(platform: &ReleasePlatform, cluster: &ClusterName, builds: &BuildJobs) -> Result<Self, StepFailure> {
        let turns = platform.base.table.turns(cluster).await?;
        let now = Timestamp::now();
        let was_let_in = |job: &BuildJob| {
            turns.let_in.get(job.name.as_str()).is_some_and(|at| now.duration_since(*at) < SHOWN_AFTER)
        };
        let (mut waiting, mut running) = (Vec::new(), Vec::new());
        for job in builds.list().await? {
            match job.state {
                BuildJobState::Starting { .. } | BuildJobState::Running => running.push(job),
                // It was let in, and the cluster has yet to show it.
                BuildJobState::Queued if was_let_in(&job) => running.push(job),
                BuildJobState::Queued => {
                    let release = platform.base.table.release(&job.tenant, &job.project, job.release).await?;
                    // One that nobody waits for any more; or another platform's on the same cluster.
                    let release = release.filter(|release| matches!(release.state, ReleaseState::Queued { .. }));
                    waiting.extend(release.map(|release| (job, release)));
                }
                BuildJobState::Ended | BuildJobState::Broken { .. } => {}
            }
        }
        Ok(Self { turns, waiting, running })
    }

    async fn hand_out(
        &self,
        platform: &ReleasePlatform,
        home: &TenantHome,
        builds: &BuildJobs,
    ) -> Result<(), StepFailure> {
        let now = Timestamp::now();
        let limits = QueueLimits {
            running_per_tenant: 1,
            running_in_all: platform.builds_at_once,
            waiting_per_tenant: QUEUED_PER_TENANT,
        };
        let decided = decide(&self.in_line(), &self.at_work(), &self.turns.served, &limits);
        let admitted: Vec<_> = self.waiting.iter().filter(|(job, _)| decided.admit.contains(&job.name)).collect();
        if !admitted.is_empty() {
            // Written first: two who hand out turns at once cannot let in more than there is room for.
            platform.base.table.save_turns(&home.cluster, &self.with_turns_of(&admitted, now)).await?;
        }
        let registry = platform.registries.of(&home.cluster).await?;
        for (job, release) in admitted {
            let order = write_order(platform, &registry, release).await?;
            let Some((order, docker_config)) = order else { continue };
            if builds.admit(job, &order, &docker_config).await? == Admission::Admitted {
                started(platform, release).await?;
            }
        }
        for place in &decided.waiting {
            self.tell(platform, place).await;
        }
        for (_, release) in self.waiting.iter().filter(|(job, _)| decided.refuse.contains(&job.name)) {
            turn_away(platform, home, release).await?;
        }
        Ok(())
    }

    fn in_line(&self) -> Vec<Waiting> {
        let waiting = self.waiting.iter().map(|(job, _)| job);
        let waiting = waiting.map(|job| (job.name.clone(), job.tenant.clone(), job.created_at));
        waiting.map(|(job, tenant, created_at)| Waiting { job, tenant, created_at }).collect()
    }

    fn at_work(&self) -> Vec<Running> {
        self.running.iter().map(|job| Running { job: job.name.clone(), tenant: job.tenant.clone() }).collect()
    }

    fn with_turns_of(&self, admitted: &[&(BuildJob, Release)], now: Timestamp) -> TurnsRecord {
        let recent = |at: &Timestamp, age| now.duration_since(*at) < age;
        let mut served: BTreeMap<_, _> = self.turns.served.clone();
        served.retain(|_, at| recent(at, REMEMBERED));
        let mut let_in = self.turns.let_in.clone();
        let_in.retain(|_, at| recent(at, SHOWN_AFTER));
        for (job, _) in admitted {
            served.insert(job.tenant.clone(), now);
            let_in.insert(job.name.to_string(), now);
        }
        TurnsRecord { revision: self.turns.revision + 1, served, let_in }
    }

    /// Writes a build's place into its release, for its owner to see. It is not what this is about, so it may fail.
    async fn tell(&self, platform: &ReleasePlatform, place: &Place) {
        let Some((_, release)) = self.waiting.iter().find(|(job, _)| job.name == place.job) else { return };
        let ReleaseState::Queued { attempt, place: before } = &release.state else { return };
        let place = Some(QueuePlace { position: place.position, reason: place.reason });
        if *before == place {
            return;
        }
        let told = release.moved_to(ReleaseState::Queued { attempt: attempt.clone(), place }, Timestamp::now());
        if let Err(error) = platform.base.table.save_release(&told, None, None).await {
            warn!(%error, "the place in the queue was not written");
        }
    }
}

async fn started(platform: &ReleasePlatform, release: &Release) -> Result<(), StepFailure> {
    let Some(attempt) = release.state.attempt().cloned() else { return Ok(()) };
    let now = Timestamp::now();
    let building = release.moved_to(ReleaseState::Building { attempt, since: now }, now);
    match platform.base.table.save_release(&building, None, None).await {
        // Whoever wrote it sees in the cluster that it runs.
        Err(TableError::Conflict) => Ok(()),
        saved => Ok(saved?),
    }
}

/// Ends a release of a tenant who has too many builds waiting.
async fn turn_away(platform: &ReleasePlatform, home: &TenantHome, release: &Release) -> Result<(), StepFailure> {
    let failure = ReleaseFailure::of_platform(PlatformFailureReason::QueueFull, None);
    let reason = format!("{}: {}", release.title(), failure.message);
    let failed = release.moved_to(ReleaseState::Failed { failure, restored: None }, Timestamp::now());
    let entry = HistoryEntry::now("release.failed", "turns", reason);
    match platform.base.table.save_release(&failed, None, Some(&entry)).await {
        Err(TableError::Conflict) => Ok(()),
        saved => {
            saved?;
            take_back(home, release).await
        }
    }
}
