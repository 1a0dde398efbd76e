//! The name of a Kubernetes Service.

use crate::naming::is_dns_label;

/// A Service's name: a DNS label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServiceName(String);

/// Why a text is not a Service's name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("is not the name of a Service: use at most 63 lower-case letters, digits and '-', not at the ends")]
pub struct ServiceNameError;

impl ServiceName {
    /// Takes a DNS label.
    pub fn parse(text: &str) -> Result<Self, ServiceNameError> {
        if is_dns_label(text, 63) { Ok(Self(text.to_owned())) } else { Err(ServiceNameError) }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ServiceName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
