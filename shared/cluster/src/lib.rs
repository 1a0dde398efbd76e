//! Roost's side of Kubernetes: connections to clusters, and the objects a tenant has there.

pub mod connection;
mod error;
pub mod tenant;

pub use error::ClusterError;

/// Who owns the fields Roost applies.
pub const FIELD_MANAGER: &str = "roost";
