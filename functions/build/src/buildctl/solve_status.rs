//! What `buildctl --progress=rawjson` prints: one line for everything the daemon tells.
//! See <https://github.com/moby/buildkit/blob/v0.33.0/client/graph.go>.

use std::borrow::Cow;

use data_encoding::BASE64;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

/// One line. What is not needed here is left out.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SolveStatus {
    pub(crate) vertexes: Vec<Vertex>,
    pub(crate) logs: Vec<VertexLog>,
    pub(crate) warnings: Vec<VertexWarning>,
}

/// A step, as it stands now.
#[derive(Debug, Deserialize)]
pub(crate) struct Vertex {
    pub(crate) digest: String,
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) started: Option<Timestamp>,
    pub(crate) completed: Option<Timestamp>,
    #[serde(default)]
    pub(crate) cached: bool,
    #[serde(default)]
    pub(crate) error: String,
}

/// Something that a step printed: lines, or parts of them.
#[derive(Debug, Deserialize)]
pub(crate) struct VertexLog {
    pub(crate) vertex: String,
    #[serde(deserialize_with = "decoded")]
    pub(crate) data: Vec<u8>,
    pub(crate) timestamp: Timestamp,
}

/// Something in the Dockerfile that had better be written otherwise.
#[derive(Debug, Deserialize)]
pub(crate) struct VertexWarning {
    #[serde(deserialize_with = "decoded", default)]
    pub(crate) short: Vec<u8>,
}

/// `None` for a line that is no status: buildctl's last words are plain text.
pub(crate) fn parse(line: &str) -> Option<SolveStatus> {
    if line.starts_with('{') { serde_json::from_str(line).ok() } else { None }
}

fn decoded<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = Cow::<'_, str>::deserialize(deserializer)?;
    BASE64.decode(text.as_bytes()).map_err(serde::de::Error::custom)
}
