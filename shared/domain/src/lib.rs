//! The rules of Roost as pure functions and small types: no I/O, no async, no AWS, no Kubernetes client.

pub mod cluster;
pub mod credential;
pub mod fault;
pub mod naming;
pub mod plan;
pub mod tenant;
