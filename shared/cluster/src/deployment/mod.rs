//! A project's objects in its tenant's namespace, changed with no more rights than the tenant has.

mod apply;
mod claims;
mod deployer;
mod keys;
mod kinds;
mod logs;
mod names;
mod observe;
mod printed;
mod prune;
mod refusal;
mod view;
mod waking;
mod warnings;

use kube::Client;
use roost_domain::label::{MANAGED_BY, PROJECT};
use roost_domain::naming::ProjectName;

pub use printed::{PrintedLine, Section};
pub use refusal::Refusal;
pub use waking::{AppPod, waking_workloads};
pub use warnings::ClusterWarning;

/// A project's place in its cluster.
#[derive(Clone)]
pub struct Deployment {
    client: Client,
    namespace: String,
    project: ProjectName,
}

impl Deployment {
    /// The place of a project in a tenant's namespace; the client is the platform's.
    #[must_use]
    pub fn new(client: Client, namespace: String, project: ProjectName) -> Self {
        Self { client, namespace, project }
    }

    fn label_selector(&self) -> String {
        format!("{MANAGED_BY}=roost,{PROJECT}={}", self.project)
    }
}
