//! Who may do what to whose: one function, which every request passes.

mod action;
mod api_token;
mod caller;
mod decision;

pub use action::Action;
pub use api_token::{ApiToken, TokenDigest, TokenName, TokenNameError, TokenText, TokenTextError};
pub use caller::{Agent, Caller};
pub use decision::{Denied, Target, authorize};
