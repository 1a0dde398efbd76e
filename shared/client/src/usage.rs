//! What of a plan is used.

use roost_domain::naming::ProjectName;
use serde::{Deserialize, Serialize};

use crate::request::Request;
use crate::{Account, ClientError};

/// What is used of a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Usage {
    /// The plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// Everything that is limited.
    pub resources: Vec<Resource>,
}

/// A change that is thought of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A project is woken.
    Waking(ProjectName),
    /// A new project runs that agent.
    Agent(String),
}

/// How much of something is used, and may be.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Resource {
    /// As Kubernetes names it: `requests.cpu`, `pods` and so on.
    pub name: String,
    /// A quantity such as `250m` or `1Gi`.
    pub used: String,
    /// The same after the change that was asked about, if it touches this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The most that may be used.
    pub limit: String,
}

impl Account {
    /// What all projects use together, and may; and what they would use after a change.
    pub async fn usage(&self, change: Option<&Change>) -> Result<Usage, ClientError> {
        let request = Request::get(&self.own(&["usage"]));
        let request = match change {
            None => request,
            Some(Change::Waking(project)) => request.with("waking", Some(project)),
            Some(Change::Agent(agent)) => request.with("agent", Some(agent)),
        };
        self.client.ask(request).await
    }
}
