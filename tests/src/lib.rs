//! What whole-system tests stand on: the running platform, a world of one's own in it, functions that can be killed at
//! any of their calls, and waits that end.

pub mod api;
pub mod application;
pub mod attempt;
pub mod audit_log;
pub mod browser;
pub mod builder;
pub mod controllers;
mod events_of_a_world;
pub mod fault_proxy;
pub mod function;
pub mod functions_identity;
pub mod killing;
pub mod manifests;
pub mod node_process;
pub mod owner;
pub mod pipeline;
pub mod raw_connection;
pub mod registry;
pub mod report;
pub mod running_platform;
pub mod signup;
pub mod sleeping_app;
pub mod streamed;
pub mod streaming_api;
pub mod swept_app;
pub mod tenant_objects;
pub mod until;
pub mod user;
pub mod visitor;
pub mod world;
