//! Tenants: claimed, saved by the revision they replace, found when something about them is due.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use jiff::{Timestamp, ToSpan};
use roost_domain::naming::{ClusterName, Slug, TenantId};
use roost_domain::tenant::{Home, Tenant};

use super::clusters::partition as cluster_partition;
use super::item::{Item, META, from_item, key, number, seconds, sortable, text, to_item};
use super::{ClaimError, HistoryEntry, Table, TableError};
use crate::ServiceFailure;

/// How long nobody else may have a deleted tenant's slug.
const TOMBSTONE_DAYS: i64 = 30;

/// A tenant that is gone, and what it gives back.
#[derive(Debug)]
pub struct Departure<'a> {
    /// The record as it stays.
    pub tenant: &'a Tenant,
    /// Where it lived.
    pub home: &'a Home,
}

fn partition(tenant: &TenantId) -> String {
    format!("TENANT#{tenant}")
}

fn slug_partition(slug: &Slug) -> String {
    format!("SLUG#{slug}")
}

fn tenant_item(tenant: &Tenant) -> Result<Item, TableError> {
    let mut item = to_item(&partition(&tenant.id), META, tenant)?;
    if let Some(due_at) = tenant.due_at() {
        item.insert("due_pk".to_owned(), text("credential"));
        item.insert("due_at".to_owned(), sortable(due_at));
    }
    Ok(item)
}

impl Table {
    /// The tenant of that id, as last written.
    pub async fn tenant(&self, id: &TenantId) -> Result<Option<Tenant>, TableError> {
        let get = self.client.get_item().table_name(&self.name).set_key(Some(key(&partition(id), META)));
        let got = get.consistent_read(true).send().await;
        let got = got.map_err(|error| ServiceFailure::new("read the tenant", &error))?;
        got.item.map(from_item).transpose()
    }

    /// Writes a tenant in place of the revision before it, with what is to be remembered of the change.
    pub async fn save(&self, tenant: &Tenant, entry: Option<&HistoryEntry>) -> Result<(), TableError> {
        let put = TransactWriteItem::builder().put(self.tenant_put(tenant)?).build();
        let entry = entry.map(|entry| self.history_put(&tenant.id, entry)).transpose()?;
        let entry = entry.map(|put| TransactWriteItem::builder().put(put).build());
        let write = self.client.transact_write_items().transact_items(put);
        let sent = entry.into_iter().fold(write, aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsFluentBuilder::transact_items);
        sent.send().await.map(|_| ()).map_err(|error| transaction_error("save the tenant", &error))
    }

    /// Claims a slug and a place on a cluster for a tenant, all or nothing.
    pub async fn claim(
        &self,
        tenant: &Tenant,
        slug: &Slug,
        cluster: &ClusterName,
        now: Timestamp,
    ) -> Result<(), ClaimError> {
        let put = self.tenant_put(tenant)?;
        let slug = self.slug_put(tenant, slug, now)?;
        let place = self.place_update(cluster, now)?;
        let sent = self
            .client
            .transact_write_items()
            .transact_items(TransactWriteItem::builder().put(put).build())
            .transact_items(TransactWriteItem::builder().put(slug).build())
            .transact_items(TransactWriteItem::builder().update(place).build())
            .send()
            .await;
        sent.map(|_| ()).map_err(|error| match refused_items(&error).as_slice() {
            [true, ..] => ClaimError::Table(TableError::Conflict),
            [_, true, ..] => ClaimError::SlugTaken,
            [_, _, true] => ClaimError::ClusterFull,
            _ => ClaimError::Table(transaction_error("claim a place", &error)),
        })
    }

    /// Ends a tenant: its place is free at once, its slug after 30 days.
    pub async fn release(
        &self,
        departure: Departure<'_>,
        entry: &HistoryEntry,
        now: Timestamp,
    ) -> Result<(), TableError> {
        let Departure { tenant, home } = departure;
        let free_at = now.saturating_add((TOMBSTONE_DAYS * 24).hours()).unwrap_or(Timestamp::MAX);
        let slug = Update::builder().table_name(&self.name).set_key(Some(key(&slug_partition(&home.slug), META)));
        let slug = slug.update_expression("SET free_at = :free_at, expires_at = :free_at");
        let slug = slug.expression_attribute_values(":free_at", seconds(free_at)).build()?;
        let place =
            Update::builder().table_name(&self.name).set_key(Some(key(&cluster_partition(&home.cluster), META)));
        let place = place.update_expression("SET tenants = tenants - :one");
        let place = place.expression_attribute_values(":one", number(1)).build()?;
        let sent = self
            .client
            .transact_write_items()
            .transact_items(TransactWriteItem::builder().put(self.tenant_put(tenant)?).build())
            .transact_items(TransactWriteItem::builder().update(slug).build())
            .transact_items(TransactWriteItem::builder().update(place).build())
            .transact_items(TransactWriteItem::builder().put(self.history_put(&tenant.id, entry)?).build())
            .send()
            .await;
        sent.map(|_| ()).map_err(|error| transaction_error("release the tenant's place", &error))
    }

    /// Tenants whose credential is due by `now`, the longest overdue first, at most `limit`.
    pub async fn tenants_due(&self, now: Timestamp, limit: i32) -> Result<Vec<Tenant>, TableError> {
        let query = self.client.query().table_name(&self.name).index_name("due").limit(limit);
        let query = query.key_condition_expression("due_pk = :what AND due_at <= :now");
        let query = query.expression_attribute_values(":what", text("credential"));
        let page = query.expression_attribute_values(":now", sortable(now)).send().await;
        let page = page.map_err(|error| ServiceFailure::new("find due credentials", &error))?;
        page.items.unwrap_or_default().into_iter().map(from_item).collect()
    }

    fn tenant_put(&self, tenant: &Tenant) -> Result<Put, TableError> {
        let put = Put::builder().table_name(&self.name).set_item(Some(tenant_item(tenant)?));
        let put = match tenant.revision {
            1 => put.condition_expression("attribute_not_exists(pk)"),
            revision => put
                .condition_expression("revision = :before")
                .expression_attribute_values(":before", number(revision - 1)),
        };
        Ok(put.build()?)
    }

    fn slug_put(&self, tenant: &Tenant, slug: &Slug, now: Timestamp) -> Result<Put, TableError> {
        let mut item = key(&slug_partition(slug), META);
        item.insert("tenant".to_owned(), text(tenant.id.as_str()));
        let put = Put::builder().table_name(&self.name).set_item(Some(item));
        let put = put.condition_expression("attribute_not_exists(pk) OR tenant = :tenant OR free_at <= :now");
        let put = put.expression_attribute_values(":tenant", text(tenant.id.as_str()));
        Ok(put.expression_attribute_values(":now", seconds(now)).build()?)
    }

    fn place_update(&self, cluster: &ClusterName, now: Timestamp) -> Result<Update, TableError> {
        let update = Update::builder().table_name(&self.name).set_key(Some(key(&cluster_partition(cluster), META)));
        let update = update.update_expression("SET tenants = tenants + :one").condition_expression(
            "tenants < #capacity AND #state = :open AND (attribute_not_exists(spared_until) OR \
             attribute_type(spared_until, :null) OR spared_until <= :now)",
        );
        let update = update.expression_attribute_names("#capacity", "capacity");
        let update = update.expression_attribute_names("#state", "state");
        let update = update.expression_attribute_values(":one", number(1));
        let update = update.expression_attribute_values(":open", text("open"));
        let update = update.expression_attribute_values(":null", text("NULL"));
        Ok(update.expression_attribute_values(":now", seconds(now)).build()?)
    }
}

/// For each item of a transaction whether its condition failed; empty if the transaction failed otherwise.
fn refused_items<R>(error: &SdkError<TransactWriteItemsError, R>) -> Vec<bool> {
    let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) = error.as_service_error() else {
        return Vec::new();
    };
    let reasons = canceled.cancellation_reasons();
    reasons.iter().map(|reason| reason.code() == Some("ConditionalCheckFailed")).collect()
}

fn transaction_error<R: std::fmt::Debug>(
    action: &'static str,
    error: &SdkError<TransactWriteItemsError, R>,
) -> TableError {
    let canceled = matches!(error.as_service_error(), Some(TransactWriteItemsError::TransactionCanceledException(_)));
    // A cancelled transaction met another writer, in its conditions or in time: whoever reads again sees why.
    if canceled { TableError::Conflict } else { ServiceFailure::new(action, error).into() }
}
