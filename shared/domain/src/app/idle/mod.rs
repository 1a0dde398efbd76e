//! Whether nobody uses an app, and how sure that is.
//!
//! The gateway counts, for each route and in each of its processes, the requests that began and those that ended. A
//! counter only grows, so two readings of the same process prove by themselves what happened in between, whatever was
//! missed meanwhile: equal, nothing began. More begun than ended: something is under way, were it a stream of hours.
//! Every process of the gateway has to be among the readings, and be the same as before: one that is new, gone, silent or
//! begun anew proves nothing, and the app counts as used.

mod abandoned;
mod judgement;
mod measurements;
mod proof;
mod reason;
mod veto;

pub use abandoned::{ROUTE_TAKES_EFFECT, Remainder};
pub use judgement::{Drained, Lull, Verdict, is_drained, judge};
pub use measurements::{Doubt, GatewayProcess, Measurements, Network, Readings, Usage};
pub use proof::{Forwarding, ProvenIdle, Wakers};
pub use reason::Reason;
pub use veto::{Surroundings, WorkloadState, most_at_once, veto};
