//! Records taken away once nothing of what they stand for is left elsewhere: a project's, or all of a tenant's.

use aws_sdk_dynamodb::types::{Delete, TransactWriteItem};
use roost_domain::naming::TenantId;
use roost_domain::release::Project;

use super::item::{Item, key, number, text};
use super::projects::project_key;
use super::tenants::partition;
use super::transaction::put;
use super::{HistoryEntry, PageRequest, Table, TableError};
use crate::ServiceFailure;

/// A transaction has at most 100 items.
const AT_ONCE: usize = 100;

impl Table {
    /// Forgets a project as it was read, its releases, uploads and images; the record that counts them goes last.
    pub async fn forget_project(&self, project: &Project, entry: &HistoryEntry) -> Result<(), TableError> {
        for kind in ["RELEASE", "UPLOAD", "IMAGE"] {
            self.forget_below(&project.tenant, &format!("{kind}#{}#", project.name)).await?;
        }
        let own = key(&partition(&project.tenant), &project_key(&project.name));
        let entry = entry.clone().about(&project.name);
        let items = vec![self.gone(own, Some(project.revision))?, put(self.history_put(&project.tenant, &entry)?)];
        self.transact_or_conflict("forget the project", items).await
    }

    /// Forgets what a tenant had who is gone; that there was one, and what happened, stays. A user who signs up again
    /// begins anew.
    pub async fn forget_belongings(&self, tenant: &TenantId) -> Result<(), TableError> {
        let some = PageRequest { after: None, limit: 100 };
        loop {
            let tokens = self.tokens(tenant, &some).await?.items;
            if tokens.is_empty() {
                break;
            }
            for token in tokens {
                let entry = HistoryEntry::now("token.revoked", token.id.as_str(), "its owner is gone");
                self.revoke_token(&token, &entry).await?;
            }
        }
        for kind in ["OP#", "IMAGE#", "UPLOAD#", "RELEASE#", "PROJECT#"] {
            self.forget_below(tenant, kind).await?;
        }
        Ok(())
    }

    async fn forget_below(&self, tenant: &TenantId, prefix: &str) -> Result<(), TableError> {
        let query = self.client.query().table_name(&self.name).consistent_read(true).projection_expression("pk, sk");
        let query = query.key_condition_expression("pk = :pk AND begins_with(sk, :prefix)");
        let query = query.expression_attribute_values(":pk", text(partition(tenant)));
        let query = query.expression_attribute_values(":prefix", text(prefix));
        let found = query.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let keys = found.map_err(|error| ServiceFailure::new("find what is to be forgotten", &error))?;
        for keys in keys.chunks(AT_ONCE) {
            let gone = keys.iter().map(|key| self.gone(key.clone(), None)).collect::<Result<_, _>>()?;
            self.transact_or_conflict("forget records", gone).await?;
        }
        Ok(())
    }

    fn gone(&self, key: Item, revision: Option<u64>) -> Result<TransactWriteItem, TableError> {
        let delete = Delete::builder().table_name(&self.name).set_key(Some(key));
        let delete = match revision {
            Some(revision) => delete
                .condition_expression("revision = :revision")
                .expression_attribute_values(":revision", number(revision)),
            None => delete,
        };
        Ok(TransactWriteItem::builder().delete(delete.build()?).build())
    }
}
