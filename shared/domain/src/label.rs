//! The labels by which the platform knows its objects in a cluster.

/// By whom an object is managed: `roost`.
pub const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// Whose an object is.
pub const TENANT: &str = "roost.dev/tenant";
/// Of which project an object is.
pub const PROJECT: &str = "roost.dev/project";
/// By which release an object came, such as `r7`.
pub const RELEASE: &str = "roost.dev/release";
/// Which try at building a release a Job is, from 1.
pub const ATTEMPT: &str = "roost.dev/attempt";
