//! Roost's side of Kubernetes: connections to clusters, the objects a tenant has there, and what it deploys.

pub mod app;
pub mod build;
pub mod connection;
pub mod deployment;
mod error;
pub mod gateway;
pub mod monitoring;
pub mod registry_secret;
pub mod route;
mod system;
pub mod tenant;
pub mod wakers;

pub use error::ClusterError;

/// Who owns the fields Roost applies.
pub const FIELD_MANAGER: &str = "roost";
