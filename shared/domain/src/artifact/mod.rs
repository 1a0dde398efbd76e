//! What an uploaded archive may hold: names, kinds of entries, limits, and the tree they make.

mod builder;
mod entry_path;
mod findings;
mod fold;
mod limits;
mod link_target;
mod resolution;
mod tree;
mod tree_digest;

pub use builder::{TreeBuilder, TreeFault};
pub use entry_path::{EntryPath, PathError};
pub use findings::{Findings, quoted};
pub use limits::Limits;
pub use link_target::{LinkTarget, LinkTargetError};
pub use tree::{Entry, File, Tree};
pub use tree_digest::{TreeDigest, TreeDigestError};
