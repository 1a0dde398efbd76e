//! Requests that meet an app which may be asleep: who asks, what for, how many may wait, and for how long.

pub mod budget;
mod estimate;
mod host;
mod intent;
mod path;
mod robot;
mod stage;

pub use estimate::Estimate;
pub use host::{HostError, HostName};
pub use intent::{Intent, Signs, Silence, Visitor, intent};
pub use path::route_of;
pub use stage::{Stage, reason_for_visitors};
