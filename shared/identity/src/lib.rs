//! Who a token of an OpenID Connect issuer says its bearer is: any issuer that publishes its keys.

mod discovery;
mod error;
mod expectation;
mod keys;
mod verification;

pub use error::{KeysError, TokenRefusal};
pub use expectation::Expectation;
pub use keys::Keys;
pub use verification::{Identity, KeySet, LONGEST_TOKEN, Verifier};
