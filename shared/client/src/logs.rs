//! What apps print.

use jiff::Timestamp;
use roost_domain::naming::ProjectName;
use serde::{Deserialize, Serialize};

use crate::request::Request;
use crate::{Account, ClientError};

/// Which part of what an app prints.
#[derive(Debug, Clone, Default)]
pub struct LogPart {
    /// What was printed before the containers were last started again.
    pub previous: bool,
    /// Only what was printed after this time.
    pub since: Option<Timestamp>,
    /// The last lines of each container.
    pub tail: Option<u32>,
    /// How many seconds to wait for a line if there is none, at most 20.
    pub wait: u32,
}

/// A part of what an app prints.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AppLogs {
    /// By time.
    pub lines: Vec<LogLine>,
    /// The `since` of what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Timestamp>,
}

/// A line that a container printed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LogLine {
    /// When.
    pub at: Timestamp,
    /// In which pod.
    pub pod: String,
    /// In which of its containers.
    pub container: String,
    /// The line.
    pub text: String,
}

impl Account {
    /// What a project's app prints.
    pub async fn logs(&self, project: &ProjectName, part: &LogPart) -> Result<AppLogs, ClientError> {
        let request = Request::get(&self.of(project, &["logs"]));
        let request = request.with("previous", part.previous.then_some(true)).with("since", part.since);
        let request = request.with("tail", part.tail).with("wait", Some(part.wait).filter(|wait| *wait > 0));
        self.client.ask(request).await
    }
}
