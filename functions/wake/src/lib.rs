//! The waker: what the gateway leads to for every host whose app is not awake.

pub mod answer;
pub mod door;
pub mod forward;
pub mod host_table;
pub mod metrics;
pub mod places;
pub mod session;
pub mod settings;
