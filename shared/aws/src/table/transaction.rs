//! Writes that happen all together or not at all.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};

use super::{Table, TableError};
use crate::ServiceFailure;

/// What a transaction came to.
pub(super) enum Outcome {
    Written,
    /// For each item whether its condition failed; none if it met another writer in time.
    Refused(Vec<bool>),
}

pub(super) fn put(put: Put) -> TransactWriteItem {
    TransactWriteItem::builder().put(put).build()
}

pub(super) fn update(update: Update) -> TransactWriteItem {
    TransactWriteItem::builder().update(update).build()
}

impl Table {
    /// Writes all of it, or says which conditions stood against it.
    pub(super) async fn transact(
        &self,
        action: &'static str,
        items: Vec<TransactWriteItem>,
    ) -> Result<Outcome, TableError> {
        let sent = self.client.transact_write_items().set_transact_items(Some(items)).send().await;
        match sent {
            Ok(_) => Ok(Outcome::Written),
            Err(error) => match refused(&error) {
                Some(refused) => Ok(Outcome::Refused(refused)),
                None => Err(ServiceFailure::new(action, &error).into()),
            },
        }
    }

    /// Writes all of it; any condition against it means that somebody else wrote meanwhile.
    pub(super) async fn transact_or_conflict(
        &self,
        action: &'static str,
        items: Vec<TransactWriteItem>,
    ) -> Result<(), TableError> {
        match self.transact(action, items).await? {
            Outcome::Written => Ok(()),
            Outcome::Refused(_) => Err(TableError::Conflict),
        }
    }
}

/// A cancelled transaction met another writer, in its conditions or in time: whoever reads again sees why.
fn refused<R>(error: &SdkError<TransactWriteItemsError, R>) -> Option<Vec<bool>> {
    let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) = error.as_service_error() else {
        return None;
    };
    let reasons = canceled.cancellation_reasons();
    Some(reasons.iter().map(|reason| reason.code() == Some("ConditionalCheckFailed")).collect())
}
