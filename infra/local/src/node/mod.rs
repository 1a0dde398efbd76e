//! The node: one machine's worth of Kubernetes and the AWS emulator, in namespaces of their own.

pub(crate) mod cgroup;
mod inside;
pub(crate) mod leftovers;
pub(crate) mod namespace;
mod network;
mod part;
pub(crate) mod parts;
pub(crate) mod status;
mod supervise;
mod supervisor;
mod volumes;

pub(crate) use inside::run;
pub(crate) use supervise::{clean_up, lock_file, supervise};
