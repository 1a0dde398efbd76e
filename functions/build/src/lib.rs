//! What runs inside a build Job: one container fetches, the other builds what it left and reports.

pub mod build;
mod buildctl;
mod builder;
mod component;
pub mod fetch;
mod handover;
pub mod http;
mod journal;
pub mod order;
pub mod settings;
mod stop;
