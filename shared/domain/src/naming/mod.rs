//! Names: what arrives from outside becomes one of these types, or is refused with a reason.

mod checked_text;
mod cluster_name;
mod identifier;
mod label;
mod reserved;
mod slug;
mod tenant_id;

pub(crate) use checked_text::checked_text;
pub use cluster_name::{ClusterName, ClusterNameError};
pub use identifier::{IdentifierError, OperationId, TokenId};
pub use label::{AgentName, ComponentName, LabelError, ProjectName};
pub use slug::{Slug, SlugError};
pub use tenant_id::{TenantId, TenantIdError};

/// Whether `text` is a DNS-1123 label of at most `longest` bytes.
pub(crate) fn is_dns_label(text: &str, longest: usize) -> bool {
    let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
    let edge = |c: Option<&u8>| c.is_some_and(|c| *c != b'-');
    let bytes = text.as_bytes();
    bytes.len() <= longest && bytes.iter().all(|c| inner(*c)) && edge(bytes.first()) && edge(bytes.last())
}
