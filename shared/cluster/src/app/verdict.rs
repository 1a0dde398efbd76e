//! How an app's workloads are, and what is in their way.

use roost_domain::app::AppWorkload;
use roost_domain::release::observation::Verdict;
use serde_json::json;

use super::{App, Apps};
use crate::ClusterError;
use crate::deployment::Deployment;

impl Apps {
    /// How all of an app's workloads are, seen with no more rights than its owner has.
    pub async fn verdict(&self, app: &App) -> Result<Verdict, ClusterError> {
        let named = |workload: &AppWorkload| json!({"kind": workload.kind.name(), "metadata": {"name": workload.name}});
        let workloads: Vec<_> = app.spec.workloads.iter().map(named).collect();
        let project = app.spec.project.clone();
        Deployment::new(self.client.clone(), app.namespace().to_owned(), project).observe(&workloads).await
    }
}
