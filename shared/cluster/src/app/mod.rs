//! Apps as their cluster has them: one object for each project, which says where it is in its life.

mod metadata;
mod object;
mod scaling;
mod starting;
mod stopping;
mod store;
mod surroundings;
mod switch;
mod verdict;
mod wishes;

pub use object::App;
pub use scaling::{Scaling, scale_workload};
pub use store::{Apps, CommitError};
