//! What of a plan is used.

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

/// How much of something is used, and may be.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Resource {
    /// As Kubernetes names it: `requests.cpu`, `pods` and so on.
    pub name: String,
    /// A quantity such as `250m` or `1Gi`.
    pub used: String,
    /// The same.
    pub limit: String,
}

impl Account {
    /// What all projects use together, and may.
    pub async fn usage(&self) -> Result<Usage, ClientError> {
        self.client.ask(Request::get(&self.own(&["usage"]))).await
    }
}
