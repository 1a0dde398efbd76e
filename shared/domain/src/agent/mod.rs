//! Agents that people talk to: images which the operator allows, and the objects by which a project runs one.

mod catalogue;
mod image;
mod objects;

pub use catalogue::{AgentNameError, Agents, AgentsError, ProjectAgent};
pub use image::{AgentImage, AgentVolume, KeyHeader, RequestPath};
pub use objects::{KEY_FIELD, key_secret_name, objects_of};
