//! What was asked for and takes its time: written down when it was asked, and judged by what has become of its object, so
//! that nobody has to keep its state.

mod progress;
mod record;

pub use progress::{Progress, State, of_app, of_cancel, of_deletion, of_rollback, of_start};
pub use record::{Aim, Operation};
