//! Roost's side of Kubernetes: connections to clusters, the objects a tenant has there, and what it deploys.

pub mod build;
pub mod connection;
pub mod deployment;
mod error;
pub mod registry_secret;
pub mod route;
pub mod tenant;

pub use error::ClusterError;

/// Who owns the fields Roost applies.
pub const FIELD_MANAGER: &str = "roost";
