//! Projects: which there are, and the begin of new ones.

use jiff::Timestamp;
use roost_domain::naming::ProjectName;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::request::Request;
use crate::{Account, ClientError, CostToday, Operation};

/// A project.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Project {
    /// Its name, unique among its owner's.
    pub id: String,
    /// The agent that it runs; absent for one that archives are uploaded to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Where it is reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// `Awake`, `Draining`, `Asleep`, `Waking` or `Failed`; absent while nothing of it was ever rolled out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// The release that runs, such as `r7`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<String>,
    /// The newest release, whatever became of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<String>,
    /// When somebody was last seen to use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
    /// What it has cost today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_today: Option<CostToday>,
    /// Whether it is being taken away.
    #[serde(default)]
    pub is_leaving: bool,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When something of it last changed.
    pub updated_at: Timestamp,
}

/// An agent that projects may run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AllowedAgent {
    /// By which a project asks for it.
    pub name: String,
    /// What it runs.
    pub image: String,
}

impl Account {
    /// The agents that projects may run.
    pub async fn agents(&self) -> Result<Vec<AllowedAgent>, ClientError> {
        self.client.list(&["agents"], usize::MAX).await
    }

    /// Begins a project that runs an agent; it starts when it is woken for the first time.
    pub async fn begin_with_agent(&self, project: &ProjectName, agent: &str) -> Result<Project, ClientError> {
        self.client.ask(Request::post(&self.own(&["projects"]), &json!({"id": project, "agent": agent}))).await
    }

    /// All projects.
    pub async fn projects(&self) -> Result<Vec<Project>, ClientError> {
        self.client.list(&self.own(&["projects"]), usize::MAX).await
    }

    /// One project.
    pub async fn project(&self, project: &ProjectName) -> Result<Project, ClientError> {
        self.client.ask(Request::get(&self.of(project, &[]))).await
    }

    /// Begins a project.
    pub async fn begin(&self, project: &ProjectName) -> Result<Project, ClientError> {
        self.client.ask(Request::post(&self.own(&["projects"]), &json!({"id": project}))).await
    }

    /// Ends a project, with all that belongs to it.
    pub async fn delete(&self, project: &ProjectName) -> Result<Operation, ClientError> {
        self.client.ask(Request::delete(&self.of(project, &[]))).await
    }
}
