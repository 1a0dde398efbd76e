//! What the functions have in common that bring uploads to life: their clients, the queue of builds, the end of
//! releases that give way, and what becomes of messages whose work cannot go on.

mod builds;
mod event;
mod failure;
mod giving_way;
mod home;
mod message;
mod order;
mod platform;
mod registries;
mod turns;

pub use builds::{find_build, order_build, retry_build, take_back};
pub use event::{RELEASE_BUILT, RELEASE_LOOK, ReleaseEvent};
pub use failure::StepFailure;
pub use giving_way::{give_way, give_way_to};
pub use home::{TenantHome, home_of};
pub use message::{Outcome, attend_to};
pub use order::draw_nonce;
pub use platform::ReleasePlatform;
pub use registries::{Registries, RegistriesError};
pub use turns::hand_out_turns;
