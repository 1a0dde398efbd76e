//! The server: connections of the gateway, and the requests on them.

mod health;
mod reception;
mod serving;
mod signs;
mod socket;

pub use health::{Asked, health};
pub use reception::{Reception, Settings};
pub use serving::serve;
pub use signs::{signs, text};
pub use socket::Presence;
