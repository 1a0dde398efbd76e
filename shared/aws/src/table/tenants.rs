//! Tenants: claimed, saved by the revision they replace, found when something about them is due.

use aws_sdk_dynamodb::types::{Put, Update};
use jiff::{Timestamp, ToSpan};
use roost_domain::cluster::Place;
use roost_domain::naming::{Slug, TenantId};
use roost_domain::tenant::{Home, Tenant, TenantState};

use super::clusters::partition as cluster_partition;
use super::item::{Item, META, from_item, key, number, seconds, sortable, text, to_item};
use super::transaction::{Outcome, put, update};
use super::{ClaimError, HistoryEntry, Page, PageRequest, Table, TableError, page};
use crate::ServiceFailure;

/// What all tenants are found by.
const KIND: &str = "tenant";
/// How long nobody else may have a deleted tenant's slug.
const TOMBSTONE_DAYS: i64 = 30;
/// A cluster's conditions for one more tenant.
const HAS_ROOM: &str = "tenants < #capacity AND #state = :open";
const IS_NOT_SPARED: &str =
    "(attribute_not_exists(spared_until) OR attribute_type(spared_until, :null) OR spared_until <= :now)";

/// A tenant that is gone, and what it gives back.
#[derive(Debug)]
pub struct Departure<'a> {
    /// The record as it stays.
    pub tenant: &'a Tenant,
    /// Where it lived.
    pub home: &'a Home,
}

pub(super) fn partition(tenant: &TenantId) -> String {
    format!("TENANT#{tenant}")
}

fn slug_partition(slug: &Slug) -> String {
    format!("SLUG#{slug}")
}

fn tenant_item(tenant: &Tenant) -> Result<Item, TableError> {
    let mut item = to_item(&partition(&tenant.id), META, tenant)?;
    if tenant.state != TenantState::Deleted {
        item.insert("kind_pk".to_owned(), text(KIND));
        item.insert("kind_sk".to_owned(), text(tenant.id.as_str()));
    }
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
        let entry = entry.map(|entry| self.history_put(&tenant.id, entry)).transpose()?;
        let items = [self.tenant_put(tenant)?].into_iter().chain(entry).map(put).collect();
        self.transact_or_conflict("save the tenant", items).await
    }

    /// Claims a slug and a place on a cluster for a tenant, all or nothing.
    pub async fn claim(&self, tenant: &Tenant, slug: &Slug, place: &Place, now: Timestamp) -> Result<(), ClaimError> {
        let items = vec![
            put(self.tenant_put(tenant)?),
            put(self.slug_put(tenant, slug, now)?),
            update(self.place_update(place, now)?),
        ];
        match self.transact("claim a place", items).await? {
            Outcome::Written => Ok(()),
            Outcome::Refused(refused) => Err(match refused.as_slice() {
                [false, true, ..] => ClaimError::SlugTaken,
                [false, false, true] => ClaimError::ClusterFull,
                _ => ClaimError::Table(TableError::Conflict),
            }),
        }
    }

    /// Ends a tenant: its place is free at once, its slug after 30 days.
    pub async fn release_place(
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
        let history = self.history_put(&tenant.id, entry)?;
        let items = vec![put(self.tenant_put(tenant)?), update(slug), update(place), put(history)];
        self.transact_or_conflict("release the tenant's place", items).await
    }

    /// All tenants by id, a page at a time.
    pub async fn tenants_page(&self, request: &PageRequest) -> Result<Page<Tenant>, TableError> {
        let start = request.after.as_ref().map(|after| {
            let mut start = key(&format!("TENANT#{after}"), META);
            start.insert("kind_pk".to_owned(), text(KIND));
            start.insert("kind_sk".to_owned(), text(after));
            start
        });
        let query = self.client.query().table_name(&self.name).index_name("kind").limit(request.limit);
        let query = query.key_condition_expression("kind_pk = :kind").set_exclusive_start_key(start);
        let query = query.expression_attribute_values(":kind", text(KIND));
        page::read(query, "list the tenants", "kind_sk", |id| Some(id.to_owned())).await
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
        self.put_of_revision(tenant_item(tenant)?, tenant.revision)
    }

    fn slug_put(&self, tenant: &Tenant, slug: &Slug, now: Timestamp) -> Result<Put, TableError> {
        let mut item = key(&slug_partition(slug), META);
        item.insert("tenant".to_owned(), text(tenant.id.as_str()));
        let put = Put::builder().table_name(&self.name).set_item(Some(item));
        let put = put.condition_expression("attribute_not_exists(pk) OR tenant = :tenant OR free_at <= :now");
        let put = put.expression_attribute_values(":tenant", text(tenant.id.as_str()));
        Ok(put.expression_attribute_values(":now", seconds(now)).build()?)
    }

    fn place_update(&self, place: &Place, now: Timestamp) -> Result<Update, TableError> {
        let cluster = cluster_partition(&place.cluster);
        let update = Update::builder().table_name(&self.name).set_key(Some(key(&cluster, META)));
        let update = update.update_expression("SET tenants = tenants + :one");
        let update = update.expression_attribute_names("#capacity", "capacity");
        let update = update.expression_attribute_names("#state", "state");
        let update = update.expression_attribute_values(":one", number(1));
        let update = update.expression_attribute_values(":open", text("open"));
        let update = if place.is_last_resort {
            update.condition_expression(HAS_ROOM)
        } else {
            let update = update.condition_expression(format!("{HAS_ROOM} AND {IS_NOT_SPARED}"));
            let update = update.expression_attribute_values(":null", text("NULL"));
            update.expression_attribute_values(":now", seconds(now))
        };
        Ok(update.build()?)
    }
}
