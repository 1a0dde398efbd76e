//! All builds of a cluster: made, listed, looked at, removed.

use futures::try_join;
use jiff::Timestamp;
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::Pod;
use kube::ResourceExt;
use kube::api::{DeleteParams, ListParams, PostParams};
use roost_domain::build::{BuildJobName, BuildJobState};
use roost_domain::label::{ATTEMPT, MANAGED_BY, PROJECT, RELEASE, TENANT};
use roost_domain::naming::{ProjectName, TenantId};
use roost_domain::release::{Release, ReleaseNumber};

use super::state::state;
use super::{BuildJobs, BuildSettings, WantedBuild, job};
use crate::error::{found, has_code};
use crate::{ClusterError, FIELD_MANAGER};

/// A build as the cluster has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildJob {
    /// The Job's name.
    pub name: BuildJobName,
    /// The Job's uid.
    pub uid: String,
    /// Whose build it is.
    pub tenant: TenantId,
    /// The tenant's project.
    pub project: ProjectName,
    /// The release that is built.
    pub release: ReleaseNumber,
    /// Which attempt at building it this is, from 1.
    pub attempt: u32,
    /// Since when it waits, or has waited.
    pub created_at: Timestamp,
    /// How it stands.
    pub state: BuildJobState,
}

impl BuildJobs {
    /// Makes the Job, suspended, unless it is there.
    pub async fn enqueue(&self, wanted: &WantedBuild, settings: &BuildSettings) -> Result<(), ClusterError> {
        let parameters = PostParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PostParams::default() };
        match self.jobs().create(&parameters, &job(wanted, settings)).await {
            Err(error) if !has_code(&error, 409) => Err(ClusterError::during("create the build Job")(error)),
            _ => Ok(()),
        }
    }

    /// All builds, ended ones included.
    pub async fn list(&self) -> Result<Vec<BuildJob>, ClusterError> {
        let ours = ListParams::default().labels(&format!("{MANAGED_BY}=roost,{RELEASE}"));
        let (jobs, pods) = (self.jobs(), self.pods());
        let both = try_join!(jobs.list(&ours), pods.list(&ours));
        let (jobs, pods) = both.map_err(ClusterError::during("list the builds"))?;
        Ok(jobs.items.iter().filter_map(|job| read(job, &pods.items)).collect())
    }

    /// One build, if there is a Job for it.
    pub async fn find(&self, name: &BuildJobName) -> Result<Option<BuildJob>, ClusterError> {
        let during = ClusterError::during("look at the build Job");
        let Some(job) = found(self.jobs().get(name.as_str()).await).map_err(during)? else { return Ok(None) };
        let of_job = ListParams::default().labels(&format!("batch.kubernetes.io/job-name={name}"));
        let pods = self.pods().list(&of_job).await.map_err(during)?;
        Ok(read(&job, &pods.items))
    }

    /// Removes all Jobs of a release; one that runs is told to stop, and reports that it was.
    pub async fn delete(&self, release: &Release) -> Result<(), ClusterError> {
        let Release { tenant, project, number, .. } = release;
        let of_release = format!("{MANAGED_BY}=roost,{TENANT}={tenant},{PROJECT}={project},{RELEASE}={number}");
        let during = ClusterError::during("delete the build Job");
        let jobs = self.jobs().list_metadata(&ListParams::default().labels(&of_release)).await.map_err(during)?;
        for job in jobs {
            let deleted = self.jobs().delete(&job.name_any(), &DeleteParams::background()).await;
            found(deleted).map_err(during)?;
        }
        Ok(())
    }
}

/// `None` for a Job that is not one of ours, whatever its labels say.
fn read(job: &Job, pods: &[Pod]) -> Option<BuildJob> {
    let label = |name| job.labels().get(name).map(String::as_str);
    let tenant = TenantId::parse(label(TENANT)?).ok()?;
    let project = ProjectName::parse(label(PROJECT)?).ok()?;
    let release = ReleaseNumber::parse(label(RELEASE)?).ok()?;
    let attempt = label(ATTEMPT)?.parse().ok()?;
    let name = BuildJobName::of(&tenant, &project, release, attempt);
    let own: Vec<&Pod> = pods.iter().filter(|pod| is_of(pod, job)).collect();
    (job.name_any() == name.as_str()).then_some(BuildJob {
        name,
        uid: job.uid()?,
        tenant,
        project,
        release,
        attempt,
        created_at: job.creation_timestamp()?.0,
        state: state(job, &own),
    })
}

fn is_of(pod: &Pod, job: &Job) -> bool {
    pod.owner_references().iter().any(|owner| Some(&owner.uid) == job.metadata.uid.as_ref())
}
