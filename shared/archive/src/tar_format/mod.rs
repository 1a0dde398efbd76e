//! The inner layer: tar as POSIX and GNU write it, without anything that two programs could read in two ways.

mod extensions;
mod fault;
mod header;
mod members;
mod number;
mod pax;

pub(crate) use members::{Kind, Member, Members};
