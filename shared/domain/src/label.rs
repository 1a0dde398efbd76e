//! The labels and annotations by which the platform knows its objects in a cluster.

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
/// In which epoch of its app a workload or route was last changed; an annotation.
pub const EPOCH: &str = "roost.dev/epoch";
/// With `true` on one of its workloads an owner keeps an app awake; an annotation.
pub const KEEP_AWAKE: &str = "roost.dev/keep-awake";
