//! Whose an error is, which decides what happens to the message that met it.

use serde::Serialize;

/// The class of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The sender's: trying again changes nothing, so it is explained and set aside.
    Users,
    /// Nobody's: it passes, and the same work tried again succeeds.
    Passing,
    /// Ours: tried again in case it heals, and somebody is woken if it does not.
    Ours,
}

/// An error that knows its class.
pub trait Classified: std::error::Error {
    /// The class of this error.
    fn fault(&self) -> Fault;
}
