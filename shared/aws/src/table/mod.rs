//! The one table: tenants, claims, clusters and the record of what happened.

mod addresses;
mod api_tokens;
mod clusters;
mod error;
mod forgetting;
mod history;
mod item;
mod once;
mod operations;
mod page;
mod projects;
mod rates;
mod tenants;
mod transaction;
mod turns;

use aws_sdk_dynamodb::Client;

pub use clusters::ClusterRecord;
pub use error::{ClaimError, TableError};
pub use history::HistoryEntry;
pub use once::{KeptAnswer, OnceRecord};
pub use page::{Page, PageRequest};
pub use projects::BuiltImage;
pub use tenants::Departure;
pub use turns::TurnsRecord;

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
