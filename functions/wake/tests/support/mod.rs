//! What the waker's own tests and benchmarks stand on: an API server that keeps objects as a cluster's does, pods that
//! are servers of this process, and clients over real connections.

#![allow(dead_code, unreachable_pub, reason = "tests and benchmarks use different parts of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "what does not hold here ends the test that stands on it")]

pub mod api_server;
pub mod apps;
pub mod client;
pub mod kubelet;
pub mod pod;
pub mod store;
pub mod waker;
