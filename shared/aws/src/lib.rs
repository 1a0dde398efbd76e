//! Roost's side of AWS: records in DynamoDB, tokens in a vault, messages in queues, objects in a bucket, events on a bus.

pub mod bus;
mod failure;
pub mod objects;
pub mod queue;
pub mod secrets;
pub mod table;
pub mod vault;

pub use failure::ServiceFailure;
