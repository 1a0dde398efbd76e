//! What people ask for, one file each.

pub(crate) mod demo;
pub(crate) mod down;
pub(crate) mod env;
pub(crate) mod exec;
pub(crate) mod kubeconfig;
pub(crate) mod logs;
pub(crate) mod status;
pub(crate) mod token;
pub(crate) mod tools;
pub(crate) mod up;
