//! What was asked for and takes its time.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use crate::request::Request;
use crate::{Account, ClientError};

const BETWEEN_LOOKS: Duration = Duration::from_millis(700);

/// How far something is that was asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Operation {
    /// Its id.
    pub id: String,
    /// `activate`, `deactivate`, `roll-back`, `cancel` or `delete`.
    pub kind: String,
    /// The project it is about.
    pub project: String,
    /// `running`, `succeeded` or `failed`.
    pub state: String,
    /// The same in plain words.
    pub detail: String,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When it was seen to have ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

impl Operation {
    /// Whether it has not ended.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.state == "running"
    }

    /// Whether it ended as it should.
    #[must_use]
    pub fn has_succeeded(&self) -> bool {
        self.state == "succeeded"
    }
}

impl Account {
    /// How far an operation is.
    pub async fn operation(&self, id: &str) -> Result<Operation, ClientError> {
        self.client.ask(Request::get(&self.own(&["operations", id]))).await
    }

    /// Waits for an operation's end, and tells how it is each time it was looked at.
    pub async fn follow(&self, begun: Operation, mut seen: impl FnMut(&Operation)) -> Result<Operation, ClientError> {
        let mut operation = begun;
        while operation.is_running() {
            seen(&operation);
            sleep(BETWEEN_LOOKS).await;
            operation = self.operation(&operation.id).await?;
        }
        Ok(operation)
    }
}
