//! A tenant's life: the events that shape it, the record of where it stands, and what is to be done next.

mod decision;
mod event;
mod record;
mod retry;

pub use decision::{Decision, decide};
pub use event::{EmailHash, EventVersion, SignUp, UserEvent, UserEventError, addressee};
pub use record::{Awaiting, Deletion, Home, Profile, Tenant, TenantState};
pub use retry::{LONGEST_RUN, pause};
