//! The append-only record of what happened to a tenant, and why.

use aws_sdk_dynamodb::types::Put;
use jiff::Timestamp;
use roost_domain::naming::{ProjectName, TenantId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ulid::Ulid;

use super::item::{Item, from_item, text, to_item};
use super::page::Range;
use super::{Page, PageRequest, Table, TableError};
use crate::ServiceFailure;

/// Where refusals of events stand that name no tenant.
const NOBODY: &str = "EVENTS#without-tenant";

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// When.
    pub at: Timestamp,
    /// What: `tenant.ready`, `event.refused` and so on.
    pub kind: String,
    /// The event that caused it.
    pub cause: String,
    /// In words for people.
    pub reason: String,
    /// Who did it; absent for what the platform did by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The project it is about, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<ProjectName>,
}

impl HistoryEntry {
    /// What happened now, because of an event.
    pub fn now(kind: impl Into<String>, cause: impl Into<String>, reason: impl Into<String>) -> Self {
        let (kind, cause, reason) = (kind.into(), cause.into(), reason.into());
        Self { at: Timestamp::now(), kind, cause, reason, actor: None, project: None }
    }

    /// The same, done by somebody.
    #[must_use]
    pub fn by(self, actor: impl Into<String>) -> Self {
        Self { actor: Some(actor.into()), ..self }
    }

    /// The same, about a project.
    #[must_use]
    pub fn about(self, project: &ProjectName) -> Self {
        Self { project: Some(project.clone()), ..self }
    }

    /// Its id: sorted by time, and the same again if the same thing is recorded again.
    fn ulid(&self) -> Ulid {
        let digest =
            Sha256::new().chain_update(&self.cause).chain_update(&self.kind).chain_update(&self.reason).finalize();
        let unique = digest.iter().take(10).fold(0, |number: u128, byte| number << 8 | u128::from(*byte));
        Ulid::from_parts(u64::try_from(self.at.as_millisecond()).unwrap_or(0), unique)
    }

    fn item(&self, tenant: Option<&TenantId>) -> Result<Item, TableError> {
        let pk = tenant.map_or_else(|| NOBODY.to_owned(), |tenant| format!("TENANT#{tenant}"));
        to_item(&pk, &format!("EVENT#{}", self.ulid()), self)
    }
}

impl Table {
    /// Adds an entry; the same entry again changes nothing.
    pub async fn record(&self, tenant: Option<&TenantId>, entry: &HistoryEntry) -> Result<(), TableError> {
        let item = entry.item(tenant)?;
        let sent = self.client.put_item().table_name(&self.name).set_item(Some(item)).send().await;
        sent.map_err(|error| ServiceFailure::new("record an event", &error))?;
        Ok(())
    }

    /// What happened to a tenant, oldest first, at most one page (1 MiB).
    pub async fn history(&self, tenant: &TenantId) -> Result<Vec<HistoryEntry>, TableError> {
        let query = self.client.query().table_name(&self.name).consistent_read(true);
        let query = query.key_condition_expression("pk = :pk AND begins_with(sk, :event)");
        let query = query.expression_attribute_values(":pk", text(format!("TENANT#{tenant}")));
        let page = query.expression_attribute_values(":event", text("EVENT#")).send().await;
        let page = page.map_err(|error| ServiceFailure::new("read the history", &error))?;
        page.items.unwrap_or_default().into_iter().map(from_item).collect()
    }

    /// What happened to a tenant, or to one project of it, the newest first, a page at a time.
    pub async fn history_page(
        &self,
        (tenant, project): (&TenantId, Option<&ProjectName>),
        request: &PageRequest,
    ) -> Result<Page<HistoryEntry>, TableError> {
        let (partition, prefix) = (format!("TENANT#{tenant}"), "EVENT#".to_owned());
        let range = Range { partition, prefix, is_newest_first: true, action: "read the history", request };
        match project {
            Some(project) => self.page_where(range, ("project", project.as_str())).await,
            None => self.page(range).await,
        }
    }

    pub(super) fn history_put(&self, tenant: &TenantId, entry: &HistoryEntry) -> Result<Put, TableError> {
        Ok(Put::builder().table_name(&self.name).set_item(Some(entry.item(Some(tenant))?)).build()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_happening_has_the_same_id_and_a_later_one_sorts_after_it() {
        let entry = |second, kind: &str| HistoryEntry {
            at: Timestamp::from_second(second).unwrap(),
            kind: kind.to_owned(),
            cause: "e1".to_owned(),
            reason: String::new(),
            actor: None,
            project: None,
        };
        assert_eq!(entry(1, "tenant.ready").ulid(), entry(1, "tenant.ready").ulid());
        assert_ne!(entry(1, "tenant.ready").ulid(), entry(1, "event.refused").ulid());
        assert!(entry(1, "tenant.ready").ulid().to_string() < entry(2, "a").ulid().to_string());
    }
}
