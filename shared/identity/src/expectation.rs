//! Which tokens count.

/// Whose tokens count, and for what they have to be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The issuer, in exactly this form.
    pub issuer: String,
    /// Tokens that are meant for somebody else do not count.
    pub audience: String,
}
