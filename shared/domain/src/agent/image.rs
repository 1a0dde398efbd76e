//! An agent's image, and how it is spoken to, as the operator writes it.

use std::num::NonZeroU16;

use serde::{Deserialize, Serialize};

use crate::app::IdleTime;
use crate::image::ImageReference;
use crate::naming::checked_text;
use crate::plan::Quantity;

/// Bytes; longer ones help nobody.
const LONGEST_PATH: usize = 200;
const LONGEST_WORD: usize = 80;
/// Headers that are the platform's or the connection's own.
const TAKEN_HEADERS: [&str; 9] =
    ["accept", "connection", "content-length", "content-type", "expect", "host", "te", "transfer-encoding", "upgrade"];

/// An image that projects may run as their agent, and how it is spoken to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentImage {
    /// Which, by digest or by tag. A tag is looked up anew at each start.
    pub image: AgentImageReference,
    /// Where it listens.
    #[serde(default = "usual_port")]
    pub port: NonZeroU16,
    /// Where it says that it is well.
    #[serde(default = "usual_health_path")]
    pub health_path: RequestPath,
    /// Where it takes messages.
    #[serde(default = "usual_messages_path")]
    pub messages_path: RequestPath,
    /// The environment variable in which it finds its project's key.
    pub key_variable: VariableName,
    /// The header in which it expects that key.
    pub key_header: KeyHeader,
    /// What it remembers.
    pub volume: AgentVolume,
    /// Its CPU; as the tenant's plan has it for containers that ask for nothing if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Quantity>,
    /// Its memory; the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Quantity>,
    /// After how long without a message it sleeps; as all apps if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sleep: Option<IdleTime>,
}

/// A volume of an agent's own, which outlives its sleep and its releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentVolume {
    /// Where the agent finds it; also its home folder.
    pub mount_path: MountPath,
    /// How large it is.
    pub size: Quantity,
}

checked_text! {
    /// An image's name, as container runtimes read it.
    AgentImageReference, AgentImageReferenceError, |text| ImageReference::parse(text).is_ok()
}
checked_text! {
    /// The path of a request.
    RequestPath, RequestPathError, is_request_path
}
checked_text! {
    /// A folder in a container.
    MountPath, MountPathError, is_mount_path
}
checked_text! {
    /// The name of an environment variable.
    VariableName, VariableNameError, is_variable_name
}
checked_text! {
    /// The name of the header that carries a key, in lower case.
    KeyHeader, KeyHeaderError, is_key_header
}

/// Why a text is no image's name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not an image; write it like `registry.example.com/agents/goose@sha256:…` or with a tag")]
pub struct AgentImageReferenceError(String);

/// Why a text is no path.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not a path such as `/reply`")]
pub struct RequestPathError(String);

/// Why a text is no folder.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not a folder such as `/data`")]
pub struct MountPathError(String);

/// Why a text is no variable's name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not a variable's name such as `SECRET_KEY`")]
pub struct VariableNameError(String);

/// Why a text is no header's name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not a header such as `x-secret-key`, in lower case, or it has another use")]
pub struct KeyHeaderError(String);

/// As the first agents have it.
fn usual_port() -> NonZeroU16 {
    const { NonZeroU16::new(3001).unwrap() }
}

fn usual_health_path() -> RequestPath {
    RequestPath("/health".to_owned())
}

fn usual_messages_path() -> RequestPath {
    RequestPath("/reply".to_owned())
}

fn is_path_of(text: &str, is_allowed: fn(u8) -> bool) -> bool {
    text.len() <= LONGEST_PATH
        && text.starts_with('/')
        && text.bytes().all(is_allowed)
        && !text.split('/').any(|part| part == "." || part == "..")
}

fn is_request_path(text: &str) -> bool {
    let is_allowed = |c: u8| c.is_ascii_alphanumeric() || b"/-._~@:".contains(&c);
    // That path is the platform's on every host.
    is_path_of(text, is_allowed) && !text.starts_with("//") && !text.starts_with("/.roost")
}

fn is_mount_path(text: &str) -> bool {
    let is_allowed = |c: u8| c.is_ascii_alphanumeric() || b"/-._".contains(&c);
    is_path_of(text, is_allowed) && text.len() > 1 && !text.ends_with('/') && !text.contains("//")
}

fn is_variable_name(text: &str) -> bool {
    let is_allowed = |c: u8| c.is_ascii_alphanumeric() || c == b'_';
    let begins = text.bytes().next().is_some_and(|c| !c.is_ascii_digit());
    begins && text.len() <= LONGEST_WORD && text.bytes().all(is_allowed)
}

fn is_key_header(text: &str) -> bool {
    let is_allowed = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-' || c == b'_';
    let is_word = (1..=LONGEST_WORD).contains(&text.len()) && text.bytes().all(is_allowed);
    is_word && !TAKEN_HEADERS.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_paths_and_nothing_else() {
        for path in ["/reply", "/v1/chat/completions", "/", "/a_b~c.d@e:f"] {
            assert!(RequestPath::parse(path).is_ok(), "{path}");
        }
        for path in ["", "reply", "//host/reply", "/reply?x=1", "/a#b", "/a b", "/../reply", "/.roost/wake", "/ä"] {
            assert!(RequestPath::parse(path).is_err(), "{path}");
        }
        for path in ["/data", "/home/agent/.local"] {
            assert!(MountPath::parse(path).is_ok(), "{path}");
        }
        for path in ["", "/", "data", "/data/", "/a/../etc", "/a:b"] {
            assert!(MountPath::parse(path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_key_goes_neither_into_a_header_nor_a_variable_of_another_use() {
        for header in ["x-secret-key", "authorization"] {
            assert!(KeyHeader::parse(header).is_ok(), "{header}");
        }
        for header in ["", "X-Secret-Key", "host", "content-length", "x key", "x\nkey"] {
            assert!(KeyHeader::parse(header).is_err(), "{header:?}");
        }
        for name in ["", "1KEY", "A-B", "A=B"] {
            assert!(VariableName::parse(name).is_err(), "{name:?}");
        }
    }
}
