//! What can go wrong with a record.

use roost_domain::fault::{Classified, Fault};

use crate::ServiceFailure;

/// Why a record was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Somebody else wrote the record since it was read.
    #[error("the record was changed meanwhile")]
    Conflict,
    /// DynamoDB did not carry the call out.
    #[error(transparent)]
    Service(#[from] ServiceFailure),
    /// An item in the table is not in the form this version of Roost writes.
    #[error("the item {key} is unreadable: {source}")]
    Unreadable {
        /// The item's partition key.
        key: String,
        /// What is wrong with it.
        source: serde_dynamo::Error,
    },
    /// The table refused what the program built.
    #[error("the request could not be built: {0}")]
    Request(#[from] aws_smithy_types::error::operation::BuildError),
}

impl Classified for TableError {
    fn fault(&self) -> Fault {
        match self {
            Self::Conflict => Fault::Passing,
            Self::Service(failure) => failure.fault(),
            Self::Unreadable { .. } | Self::Request(_) => Fault::Ours,
        }
    }
}

/// Why a claim did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// Another tenant holds the slug, or held it a short time ago.
    #[error("the slug is taken")]
    SlugTaken,
    /// The cluster filled up, or was taken out of service, since it was chosen.
    #[error("the cluster takes no more tenants")]
    ClusterFull,
    /// The record could not be written.
    #[error(transparent)]
    Table(#[from] TableError),
}
