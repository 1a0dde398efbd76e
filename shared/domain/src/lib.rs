//! The rules of Roost as pure functions and small types: no I/O, no async, no AWS, no Kubernetes client.

pub mod access;
pub mod address;
pub mod agent;
pub mod app;
pub mod artifact;
pub mod build;
pub mod cluster;
pub mod credential;
pub mod dockerfile;
pub mod document;
pub mod fault;
pub mod finding;
pub mod image;
pub mod label;
pub mod manifest;
pub mod naming;
pub mod operation;
pub mod plan;
pub mod platform_config;
pub mod release;
pub mod routing;
pub mod tenant;
pub mod visit;
