//! The one table: tenants, claims, clusters and the record of what happened.

mod clusters;
mod error;
mod history;
mod item;
mod tenants;

use aws_sdk_dynamodb::Client;

pub use clusters::ClusterRecord;
pub use error::{ClaimError, TableError};
pub use history::HistoryEntry;
pub use tenants::Departure;

/// The table, with the operations its records allow.
#[derive(Debug, Clone)]
pub struct Table {
    client: Client,
    name: String,
}

impl Table {
    /// The table of that name.
    #[must_use]
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }
}
