//! Plans: what a tenant may use.

mod catalogue;
mod demand;
mod quantity;

pub use catalogue::{ContainerDefault, Plan, PlanName, PlanNameError, Plans, PlansError};
pub use demand::Demand;
pub use quantity::{Quantity, QuantityError, amount_of};
