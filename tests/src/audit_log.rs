//! The API server's own record of what Roost's functions asked of it.

use anyhow::Result;
use serde::Deserialize;

use crate::running_platform::variable;

/// One request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// `create`, `patch`, `get` and so on.
    pub verb: String,
    /// The path it asked for.
    #[serde(rename = "requestURI")]
    pub uri: String,
    /// When in its life this record was made.
    pub stage: String,
    /// What it was about.
    pub object_ref: Option<Object>,
}

/// What a request was about.
#[derive(Debug, Deserialize)]
pub struct Object {
    /// The kind, in plural.
    pub resource: Option<String>,
    /// The namespace.
    pub namespace: Option<String>,
    /// The name, if the request has it in its path.
    pub name: Option<String>,
}

impl Request {
    /// Whether it changes something.
    #[must_use]
    pub fn writes(&self) -> bool {
        !matches!(self.verb.as_str(), "get" | "list" | "watch")
    }

    fn is_about(&self, namespace: &str) -> bool {
        let object = self.object_ref.as_ref();
        let within = object.and_then(|object| object.namespace.as_deref()) == Some(namespace);
        within || object.and_then(|object| object.name.as_deref()) == Some(namespace)
    }
}

/// The requests about a namespace that the functions made so far, each once.
pub async fn requests_about(namespace: &str) -> Result<Vec<Request>> {
    let log = tokio::fs::read_to_string(variable("ROOST_AUDIT_LOG")?).await?;
    let complete = log.lines().filter_map(|line| serde_json::from_str::<Request>(line).ok());
    Ok(complete.filter(|request| request.stage == "ResponseComplete" && request.is_about(namespace)).collect())
}
