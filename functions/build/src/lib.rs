//! What runs inside a build Job: the first container fetches, the second builds and reports.

pub mod build;
mod buildctl;
mod builder;
mod component;
pub mod fetch;
pub mod http;
mod journal;
pub mod order;
pub mod settings;
mod stop;
