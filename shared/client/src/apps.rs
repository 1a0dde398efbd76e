//! Apps: how each is, awake and asleep.

use jiff::Timestamp;
use roost_domain::naming::ProjectName;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::request::Request;
use crate::{Account, ClientError, Operation};

/// How an app is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AppStatus {
    /// `Awake`, `Draining`, `Asleep`, `Waking` or `Failed`; `None` while nothing was ever rolled out.
    pub phase: String,
    /// The same in a sentence.
    pub detail: String,
    /// The agent that it runs; absent for one that archives are uploaded to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Since when it is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// What brought it there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Reason>,
    /// Where it is reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The release that runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// Whether a release is being rolled out.
    #[serde(default)]
    pub rolling_out: bool,
    /// Why it does not sleep although nobody asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub awake_because: Option<Reason>,
    /// Until when its owner keeps it awake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_awake_until: Option<Timestamp>,
    /// When somebody was last seen to use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
    /// What it has cost today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_today: Option<CostToday>,
    /// How long waking takes, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wake_estimate_ms: Option<u64>,
    /// What is in its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<AppFailure>,
}

/// What an app has cost since midnight UTC.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CostToday {
    /// How long it ran, in seconds.
    pub run_seconds: u64,
    /// Hours of a core that it asked for.
    pub cpu_hours: f64,
    /// Hours of a gibibyte of memory that it asked for.
    pub memory_gib_hours: f64,
}

/// A reason: its name never changes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reason {
    /// The name.
    pub reason: String,
    /// The same in a sentence.
    pub message: String,
}

/// What is in an app's way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AppFailure {
    /// One of a closed list: `image-pull`, `crash-loop`, `quota-exceeded` and so on.
    pub reason: String,
    /// The object it happens to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What happens.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
    /// Whether it may still pass by itself.
    pub may_pass: bool,
}

impl std::fmt::Display for CostToday {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.3} core h, {:.3} GiB h", self.cpu_hours, self.memory_gib_hours)
    }
}

impl Account {
    /// How a project's app is.
    pub async fn status(&self, project: &ProjectName) -> Result<AppStatus, ClientError> {
        self.client.ask(Request::get(&self.of(project, &["status"]))).await
    }

    /// Wakes an app.
    pub async fn wake(&self, project: &ProjectName) -> Result<Operation, ClientError> {
        self.client.ask(Request::post(&self.of(project, &["activate"]), &json!({}))).await
    }

    /// Puts an app to sleep as soon as nobody uses it.
    pub async fn put_to_sleep(&self, project: &ProjectName) -> Result<Operation, ClientError> {
        self.client.ask(Request::post(&self.of(project, &["deactivate"]), &json!({}))).await
    }

    /// Keeps an app awake until then, or no longer.
    pub async fn keep_awake(&self, project: &ProjectName, until: Option<Timestamp>) -> Result<(), ClientError> {
        let request = Request::put(&self.of(project, &["keep-awake"]), &json!({"until": until}));
        self.client.ask::<serde_json::Value>(request).await.map(drop)
    }
}
