//! A project as it is shown.

use jiff::Timestamp;
use roost_cluster::app::App;
use roost_domain::naming::{ProjectName, TenantId};
use roost_domain::release::{Project, ReleaseNumber};
use serde::Serialize;
use utoipa::ToSchema;

use crate::backend::Backend;
use crate::cost::CostToday;
use crate::gate::OfProject;
use crate::problem::Problem;
use crate::settings::ApiSettings;

/// A project.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectView {
    /// Its name, unique among its owner's.
    id: String,
    /// Whose it is.
    user: String,
    /// The agent that it runs; absent for one that archives are uploaded to.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    /// Where it is reached; absent before its first release with a route came up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://custard-tasty-pie.example.com")]
    address: Option<String>,
    /// `Awake`, `Draining`, `Asleep`, `Waking` or `Failed`; absent while nothing of it was ever rolled out.
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<&'static str>,
    /// The release that runs, such as `r7`.
    #[serde(skip_serializing_if = "Option::is_none")]
    live: Option<String>,
    /// The newest release, whatever became of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<String>,
    /// When somebody was last seen to use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<Timestamp>,
    /// What it has cost today; absent while nothing of it was ever rolled out.
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_today: Option<CostToday>,
    /// Whether it is being taken away.
    is_leaving: bool,
    /// When it was begun.
    created_at: Timestamp,
    /// When something of it last changed.
    updated_at: Timestamp,
}

impl ProjectView {
    /// A project with its app, if it has one.
    pub(crate) fn of(project: &Project, app: Option<&App>, settings: &ApiSettings) -> Self {
        let text = |release: Option<ReleaseNumber>| release.map(|release| release.to_string());
        Self {
            id: project.name.to_string(),
            user: project.tenant.to_string(),
            agent: project.agent.as_ref().map(|agent| agent.name.to_string()),
            address: project.address.as_ref().map(|address| settings.url_of(&address.host(&settings.base_domain))),
            phase: app.map(|app| app.standing().phase.name()),
            live: text(project.live),
            newest: text(project.last),
            last_used_at: app.and_then(|app| app.standing().idle).map(|idle| idle.last_active),
            cost_today: app.map(CostToday::of),
            is_leaving: project.leaving_since.is_some(),
            created_at: project.created_at,
            updated_at: project.updated_at,
        }
    }
}

impl ApiSettings {
    /// Where a host's app is reached.
    pub(crate) fn url_of(&self, host: &str) -> String {
        match &self.gateway_port {
            Some(port) => format!("https://{host}:{port}"),
            None => format!("https://{host}"),
        }
    }
}

impl Backend {
    /// A project that is there.
    pub(crate) async fn project(&self, tenant: &TenantId, project: &ProjectName) -> Result<Project, Problem> {
        self.base.table.project(tenant, project).await?.ok_or_else(Problem::not_found)
    }

    /// A project that is there, and stays.
    pub(crate) async fn lasting_project(&self, subject: &OfProject) -> Result<Project, Problem> {
        let project = self.project(&subject.tenant, &subject.project).await?;
        match project.leaving_since {
            None => Ok(project),
            Some(_) => Err(Problem::conflict("The project is being taken away.", "Begin another one.")),
        }
    }
}
