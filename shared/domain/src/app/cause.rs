//! Who or what moved an app to its phase.

use serde::{Deserialize, Serialize};

/// The cause of the last change of phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cause {
    /// The kind of cause.
    pub kind: CauseKind,
    /// One sentence for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The class of client, if somebody asked: `browser`, `program`, and so on; never an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

/// The kinds of cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CauseKind {
    /// Somebody asked for the app.
    Request,
    /// Its owner wanted it so.
    Owner,
    /// The hours began in which it stays awake.
    Schedule,
    /// Nobody asked for it.
    Idle,
    /// A release was rolled out.
    Release,
    /// The platform found that something did not go as it should.
    Platform,
}

impl Cause {
    /// A cause without a client.
    #[must_use]
    pub fn new(kind: CauseKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), client: None }
    }

    /// Somebody of that class asked.
    #[must_use]
    pub fn request(client: impl Into<String>) -> Self {
        Self { kind: CauseKind::Request, detail: "somebody asked for it".to_owned(), client: Some(client.into()) }
    }
}
