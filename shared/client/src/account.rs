//! A user's account: who it is, and what happened to it.

use jiff::Timestamp;
use roost_domain::naming::ProjectName;
use serde::{Deserialize, Serialize};

use crate::{Client, ClientError};

/// A user of the website, as the platform has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct User {
    /// The website's id of the user.
    pub id: String,
    /// The name as it was chosen at the signup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// `announced`, `provisioning`, `ready` or `deleting`.
    pub state: String,
}

/// One thing that happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What, such as `release.live` or `token.created`.
    pub kind: String,
    /// Who did it; absent for what the platform did by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The project it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Why, in plain words.
    pub reason: String,
    /// The event or operation that caused it.
    pub cause: String,
}

/// What belongs to a user.
#[derive(Debug, Clone)]
pub struct Account {
    pub(crate) client: Client,
    pub(crate) user: String,
}

impl Account {
    pub(crate) fn new(client: Client, user: String) -> Self {
        Self { client, user }
    }

    /// The user's id.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// What happened, to everything or to one project, the newest first.
    pub async fn events(&self, project: Option<&ProjectName>, most: usize) -> Result<Vec<Event>, ClientError> {
        match project {
            Some(project) => self.client.list(&self.of(project, &["events"]), most).await,
            None => self.client.list(&self.own(&["events"]), most).await,
        }
    }

    /// A path below the user.
    pub(crate) fn own<'a>(&'a self, rest: &[&'a str]) -> Vec<&'a str> {
        [&["users", self.user.as_str()], rest].concat()
    }

    /// A path below one of the user's projects.
    pub(crate) fn of<'a>(&'a self, project: &'a ProjectName, rest: &[&'a str]) -> Vec<&'a str> {
        [&["users", self.user.as_str(), "projects", project.as_str()], rest].concat()
    }
}
