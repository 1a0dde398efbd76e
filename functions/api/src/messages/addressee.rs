//! Where a message goes, and with which key.

use axum::http::{HeaderName, HeaderValue};
use roost_domain::agent::{KEY_FIELD, ProjectAgent, key_secret_name};
use roost_domain::release::Project;
use secrecy::ExposeSecret;

use super::SendMessage;
use crate::gate::Permit;
use crate::homes::UserHome;
use crate::problem::Problem;

/// An agent that can be told something.
pub(super) struct Addressee {
    /// Where its project's apps run.
    pub(super) home: UserHome,
    /// Its address.
    pub(super) host: String,
    /// Where it takes messages.
    pub(super) path: String,
    /// The header by which it knows the platform.
    pub(super) key: (HeaderName, HeaderValue),
}

impl Addressee {
    /// The agent of the permit's project.
    pub(super) async fn of(permit: &Permit<SendMessage>) -> Result<Self, Problem> {
        let project = permit.backend.lasting_project(&permit.subject).await?;
        let agent = project.agent.clone().ok_or_else(|| {
            let remedy = "Ask the app at its own address, or begin a project with an agent: `/api/agents` lists them.";
            Problem::conflict("This project runs no agent.", remedy)
        })?;
        let host = host_of(&project, &permit.backend.settings.base_domain)?;
        let home = permit.home().await?;
        let key = key_of(&home, &project, &agent).await?;
        Ok(Self { home, host, path: agent.image.messages_path.to_string(), key })
    }
}

fn host_of(project: &Project, base_domain: &str) -> Result<String, Problem> {
    let address = project.address.as_ref().filter(|_| project.live.is_some());
    let address = address.ok_or_else(|| {
        let remedy = "Activate the project, and follow the operation to its end.";
        Problem::conflict("The agent has not been started yet.", remedy)
    })?;
    Ok(address.host(base_domain))
}

async fn key_of(
    home: &UserHome,
    project: &Project,
    agent: &ProjectAgent,
) -> Result<(HeaderName, HeaderValue), Problem> {
    let key = home.deployment(&project.name).key(&key_secret_name(&project.name), KEY_FIELD).await?;
    let value = key.and_then(|key| HeaderValue::from_str(key.expose_secret()).ok());
    let mut value = value.ok_or_else(|| {
        let detail = format!("The Secret {} with the agent's key is not there.", key_secret_name(&project.name));
        Problem::conflict(detail, "It was deleted: end the project, and begin it anew.")
    })?;
    value.set_sensitive(true);
    let name = HeaderName::from_bytes(agent.image.key_header.as_str().as_bytes()).map_err(|_| Problem::internal())?;
    Ok((name, value))
}
