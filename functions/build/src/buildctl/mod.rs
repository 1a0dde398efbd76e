//! BuildKit's client `buildctl`: how it is called, and what its words mean.

pub(crate) mod arguments;
pub(crate) mod epilogue;
#[cfg(test)]
mod recorded;
pub(crate) mod solve_status;
pub(crate) mod steps;
pub(crate) mod verdict;
