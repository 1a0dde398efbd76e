//! The key by which an agent knows that a message comes from the platform: drawn with its first release, and kept.

use roost_domain::agent::{KEY_FIELD, key_secret_name};
use roost_releases::{StepFailure, draw_nonce};
use secrecy::SecretString;
use serde_json::Value;

use crate::driving::Stage;

/// Draws the key of the stage's agent, if it has one and no key yet: before its pods start, which need it.
pub(crate) async fn draw(stage: &Stage<'_>, objects: &[Value]) -> Result<(), StepFailure> {
    if stage.project.agent.is_none() {
        return Ok(());
    }
    let name = key_secret_name(&stage.project.name);
    let is_it = |object: &&Value| object["kind"] == "Secret" && object["metadata"]["name"] == name.as_str();
    let secret = objects.iter().find(is_it).ok_or(StepFailure::Missing("the Secret of an agent's key"))?;
    let key = SecretString::from(draw_nonce()?.expose().to_owned());
    Ok(stage.deployment().make_key(secret, (KEY_FIELD, &key)).await?)
}
