//! Who a token of an OpenID Connect issuer says its bearer is: any issuer that publishes its keys. And how people get such
//! a token: by signing in.

mod discovery;
mod error;
mod expectation;
mod keys;
mod sign_in;
mod verification;

pub use error::{KeysError, SignInError, TokenRefusal};
pub use expectation::Expectation;
pub use keys::Keys;
pub use sign_in::{Journey, SignIn};
pub use verification::{Identity, KeySet, LONGEST_TOKEN, Verifier};
