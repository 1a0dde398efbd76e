//! Releases: which there are, how each was built, and what can be done about them.

use jiff::Timestamp;
use roost_domain::finding::Finding;
use roost_domain::naming::ProjectName;
use roost_domain::release::ReleaseNumber;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::request::Request;
use crate::{Account, ClientError, Operation};

/// A release.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Release {
    /// Its number, such as `r7`.
    pub id: String,
    /// `received`, `queued`, `building`, `rolling-out`, `restoring`, or as it ended: `live`, `rejected`, `failed`,
    /// `superseded`, `cancelled`.
    pub state: String,
    /// Whether it has ended.
    pub has_ended: bool,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When something of it last changed.
    pub updated_at: Timestamp,
    /// The size of its archive in bytes, if it came from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archive_bytes: Option<u64>,
    /// The release that it runs again, if it is a rollback.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rolls_back_to: Option<String>,
    /// Its place in the queue of builds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueuePlace>,
    /// Its parts.
    #[serde(default)]
    pub components: Vec<Component>,
    /// All that is wrong with its archive, if it was rejected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<ReleaseFailure>,
    /// The release that took its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<String>,
    /// The release that runs again because this one did not come up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restored: Option<String>,
}

/// A place in the queue of builds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QueuePlace {
    /// 1 for the next.
    pub position: u32,
    /// `own-builds-running` or `builders-busy`.
    pub waits_for: String,
}

/// A part of a release, with an image of its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// The image's digest, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The release that built the image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub built_by: Option<String>,
    /// How long the build took, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub built_in_ms: Option<u64>,
}

/// Why a release failed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReleaseFailure {
    /// One of a closed list: `step-failed`, `crash-loop`, `image-pull` and so on.
    pub reason: String,
    /// The component or object it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What happened.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
    /// The last lines that were logged before it.
    #[serde(default)]
    pub last_lines: Vec<String>,
}

/// A part of a build's log.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BuildLog {
    /// What happened, each with `at`, `kind` and, if it is about one, `component`.
    pub lines: Vec<Value>,
    /// The `from` of what follows.
    pub next: usize,
    /// Whether nothing more will come.
    pub is_complete: bool,
}

impl Release {
    /// Whether it came up.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.state == "live"
    }
}

impl Account {
    /// A project's releases, the newest first.
    pub async fn releases(&self, project: &ProjectName, most: usize) -> Result<Vec<Release>, ClientError> {
        self.client.list(&self.of(project, &["releases"]), most).await
    }

    /// One release.
    pub async fn release(&self, project: &ProjectName, number: ReleaseNumber) -> Result<Release, ClientError> {
        self.client.ask(Request::get(&self.of(project, &["releases", &number.to_string()]))).await
    }

    /// How a release was built, from a line on, waiting up to so many seconds for one.
    pub async fn build_log(
        &self,
        (project, number): (&ProjectName, ReleaseNumber),
        (from, wait): (usize, u32),
    ) -> Result<BuildLog, ClientError> {
        let number = number.to_string();
        let request = Request::get(&self.of(project, &["releases", &number, "logs"]));
        self.client.ask(request.with("from", Some(from)).with("wait", Some(wait))).await
    }

    /// Stops a release that is under way.
    pub async fn cancel(&self, project: &ProjectName, number: ReleaseNumber) -> Result<Operation, ClientError> {
        let number = number.to_string();
        self.client.ask(Request::post(&self.of(project, &["releases", &number, "cancel"]), &json!({}))).await
    }

    /// Runs an earlier release again.
    pub async fn roll_back(&self, project: &ProjectName, to: ReleaseNumber) -> Result<Operation, ClientError> {
        let wish = json!({"to": to.to_string()});
        self.client.ask(Request::post(&self.of(project, &["rollback"]), &wish)).await
    }
}
