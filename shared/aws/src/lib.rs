//! Roost's side of AWS: records in DynamoDB, tokens in a vault, messages in queues.

mod failure;
pub mod queue;
pub mod secrets;
pub mod table;
pub mod vault;

pub use failure::ServiceFailure;
