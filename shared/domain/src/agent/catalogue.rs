//! The agents that the operator allows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::AgentImage;
use crate::naming::AgentName;

/// All agents that projects may run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agents(BTreeMap<AgentName, AgentImage>);

/// The agent that a project runs, as it was when the project began: what an operator changes is for later projects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectAgent {
    /// Its name among those that were allowed.
    pub name: AgentName,
    /// What it is.
    pub image: AgentImage,
}

/// Why the configured agents cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "the agents are not readable ({0}); write JSON such as {{\"goose\": {{\"image\": …, \"key_variable\": …, \
     \"key_header\": …, \"volume\": {{\"mount_path\": \"/data\", \"size\": \"1Gi\"}}}}}}"
)]
pub struct AgentsError(#[from] serde_json::Error);

/// A project was to run an agent that is not allowed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum AgentNameError {
    /// There are others.
    #[error("there is no agent {asked:?}; choose one of {allowed}")]
    Unknown {
        /// What was asked for.
        asked: String,
        /// All there are.
        allowed: String,
    },
    /// There are none.
    #[error("this platform has no agents; its operator can allow some")]
    None,
}

impl Agents {
    /// Reads agents from JSON: a map from name to [`AgentImage`].
    pub fn parse(json: &str) -> Result<Self, AgentsError> {
        Ok(Self(serde_json::from_str(json)?))
    }

    /// All agents, by name.
    pub fn all(&self) -> impl Iterator<Item = (&AgentName, &AgentImage)> {
        self.0.iter()
    }

    /// The agent of that name, for a project that begins now.
    pub fn find(&self, asked: &str) -> Result<ProjectAgent, AgentNameError> {
        if self.0.is_empty() {
            return Err(AgentNameError::None);
        }
        let found = self.0.iter().find(|(name, _)| name.as_str() == asked);
        let found = found.map(|(name, image)| ProjectAgent { name: name.clone(), image: image.clone() });
        found.ok_or_else(|| {
            let allowed: Vec<_> = self.0.keys().map(AgentName::as_str).collect();
            AgentNameError::Unknown { asked: asked.chars().take(80).collect(), allowed: allowed.join(", ") }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOSE: &str = r#"{"image": "ghcr.io/example/goose:1.2", "key_variable": "GOOSE_SERVER__SECRET_KEY",
        "key_header": "x-secret-key", "volume": {"mount_path": "/data", "size": "1Gi"}}"#;

    #[test]
    fn what_an_operator_leaves_out_is_as_usual() {
        let agents = Agents::parse(&format!(r#"{{"goose": {GOOSE}}}"#)).unwrap();
        let goose = agents.find("goose").unwrap().image;
        assert_eq!((goose.port.get(), goose.health_path.as_str()), (3001, "/health"));
        assert_eq!((goose.messages_path.as_str(), goose.cpu), ("/reply", None));
    }

    #[test]
    fn an_agent_that_is_not_allowed_is_refused_with_those_that_are() {
        let agents = Agents::parse(&format!(r#"{{"goose": {GOOSE}, "diary": {GOOSE}}}"#)).unwrap();
        let error = agents.find("duck").unwrap_err().to_string();
        assert_eq!(error, r#"there is no agent "duck"; choose one of diary, goose"#);
        assert_eq!(Agents::default().find("goose"), Err(AgentNameError::None));
    }

    #[test]
    fn what_is_wrong_is_found_when_the_settings_are_read() {
        for (wrong, right) in [
            (r#""port": 0"#, r#""port": 8080"#),
            (
                r#""image": "a b""#,
                r#""image": "a/b@sha256:0000000000000000000000000000000000000000000000000000000000000000""#,
            ),
            (r#""sleep": "soon""#, r#""sleep": "30m""#),
            (r#""key": "x""#, r#""memory": "1Gi""#),
        ] {
            let written = |field: &str| {
                let rest =
                    r#""key_variable": "K", "key_header": "x-k", "volume": {"mount_path": "/data", "size": "1Gi"}"#;
                let image = if field.contains("image") { "" } else { r#""image": "a/b:1","# };
                format!(r#"{{"a": {{{image} {field}, {rest}}}}}"#)
            };
            assert!(Agents::parse(&written(right)).is_ok(), "{right}");
            assert!(Agents::parse(&written(wrong)).is_err(), "{wrong}");
        }
        assert!(Agents::parse("[]").is_err());
    }
}
