//! The Kubernetes objects users bring: which are allowed, and how they are rendered for a release.

mod check;
mod image_use;
mod kind;
mod metadata;
mod node;
mod object;
mod policy;
mod reference;
mod rendering;
mod route;

#[cfg(test)]
mod corpus;

pub use check::{CheckedObjects, check};
pub use kind::pruned_kinds;
pub use rendering::{Rendering, RenderingError, render};
pub use route::Route;
