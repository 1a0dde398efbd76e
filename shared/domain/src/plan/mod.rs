//! Plans: what a tenant may use.

mod catalogue;
mod quantity;

pub use catalogue::{Plan, PlanName, PlanNameError, Plans, PlansError};
pub use quantity::{Quantity, QuantityError};
