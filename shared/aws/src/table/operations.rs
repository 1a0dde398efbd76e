//! What was asked for and takes its time.

use aws_sdk_dynamodb::types::Put;
use jiff::{Timestamp, ToSpan};
use roost_domain::naming::{OperationId, TenantId};
use roost_domain::operation::Operation;

use super::item::{seconds, to_item};
use super::tenants::partition;
use super::transaction::put;
use super::{HistoryEntry, Table, TableError};

/// How long it can be read how an operation ended.
const KEPT_DAYS: i64 = 7;

fn operation_key(id: &OperationId) -> String {
    format!("OP#{id}")
}

impl Table {
    /// Keeps an operation, with what is to be remembered of it if it is new.
    pub async fn keep_operation(&self, operation: &Operation, entry: Option<&HistoryEntry>) -> Result<(), TableError> {
        let forgotten_at = operation.requested_at.saturating_add((KEPT_DAYS * 24).hours()).unwrap_or(Timestamp::MAX);
        let mut item = to_item(&partition(&operation.tenant), &operation_key(&operation.id), operation)?;
        item.insert("expires_at".to_owned(), seconds(forgotten_at));
        let kept = Put::builder().table_name(&self.name).set_item(Some(item)).build()?;
        let entry = entry.map(|entry| self.history_put(&operation.tenant, entry)).transpose()?;
        let items = [kept].into_iter().chain(entry).map(put).collect();
        self.transact_or_conflict("keep the operation", items).await
    }

    /// A user's operation.
    pub async fn operation(&self, tenant: &TenantId, id: &OperationId) -> Result<Option<Operation>, TableError> {
        self.read(tenant, &operation_key(id), "read the operation").await
    }
}
