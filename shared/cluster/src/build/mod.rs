//! Build Jobs: made suspended, admitted in turn with all they need, followed, and removed.

mod admission;
mod containers;
mod job;
mod log;
mod queue;
mod settings;
mod state;
mod volumes;

use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::{Pod, Secret};
use kube::{Api, Client};
use roost_domain::build::{BuildJobName, Builder};
use roost_domain::naming::{ProjectName, TenantId};
use roost_domain::release::ReleaseNumber;

pub use admission::Admission;
pub use job::job;
pub use queue::BuildJob;
pub use settings::{BuildSettings, BuildSettingsError};

/// Where builds run.
pub const NAMESPACE: &str = "roost-builds";

/// A build that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedBuild {
    /// Whose it is.
    pub tenant: TenantId,
    /// The tenant's project.
    pub project: ProjectName,
    /// The release that is built.
    pub release: ReleaseNumber,
    /// Which attempt at building it this is, from 1.
    pub attempt: u32,
    /// Which daemon builds.
    pub builder: Builder,
    /// How long the build may take.
    pub limit_seconds: u32,
}

impl WantedBuild {
    /// The name of its Job.
    #[must_use]
    pub fn name(&self) -> BuildJobName {
        BuildJobName::of(&self.tenant, &self.project, self.release, self.attempt)
    }
}

/// The builds of one cluster.
#[derive(Clone)]
pub struct BuildJobs {
    client: Client,
}

impl BuildJobs {
    /// The builds of the client's cluster.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    fn jobs(&self) -> Api<Job> {
        Api::namespaced(self.client.clone(), NAMESPACE)
    }

    fn pods(&self) -> Api<Pod> {
        Api::namespaced(self.client.clone(), NAMESPACE)
    }

    fn secrets(&self) -> Api<Secret> {
        Api::namespaced(self.client.clone(), NAMESPACE)
    }
}
