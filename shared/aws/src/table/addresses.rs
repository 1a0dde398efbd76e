//! Addresses: each belongs to one project at a time, and to nobody for a while after it.

use jiff::{Timestamp, ToSpan};
use roost_domain::address::Address;
use roost_domain::naming::{ProjectName, TenantId};
use roost_domain::release::Project;
use serde::Deserialize;

use super::item::{Item, META, from_item, key, seconds, text};
use super::transaction::{Outcome, put};
use super::{Table, TableError};
use crate::ServiceFailure;

/// How long nobody gets an address that somebody gave up: links to it lead nowhere rather than to a stranger.
const TOMBSTONE_DAYS: i64 = 30;

fn address_key(address: &Address) -> Item {
    key(&format!("HOST#{address}"), META)
}

/// Whose an address is.
#[derive(Deserialize)]
struct Claim {
    tenant: TenantId,
    project: ProjectName,
    /// When somebody else may have it, once it was given up.
    free_at: Option<i64>,
}

impl Table {
    /// The project that has an address now.
    pub async fn project_at(&self, address: &Address) -> Result<Option<(TenantId, ProjectName)>, TableError> {
        let got = self.client.get_item().table_name(&self.name).set_key(Some(address_key(address))).send().await;
        let got = got.map_err(|error| ServiceFailure::new("look up the address", &error))?;
        let claim = got.item.map(from_item::<Claim>).transpose()?;
        Ok(claim.filter(|claim| claim.free_at.is_none()).map(|claim| (claim.tenant, claim.project)))
    }

    /// Claims the address the project says it has, and saves the project; false if somebody has it.
    pub async fn claim_address(
        &self,
        project: &Project,
        address: &Address,
        now: Timestamp,
    ) -> Result<bool, TableError> {
        let mut item = address_key(address);
        item.insert("tenant".to_owned(), text(project.tenant.as_str()));
        item.insert("project".to_owned(), text(project.name.as_str()));
        let claim = aws_sdk_dynamodb::types::Put::builder().table_name(&self.name).set_item(Some(item));
        let claim = claim.condition_expression("attribute_not_exists(pk) OR free_at <= :now");
        let claim = claim.expression_attribute_values(":now", seconds(now)).build()?;
        match self.transact("claim the address", vec![put(self.project_put(project)?), put(claim)]).await? {
            Outcome::Written => Ok(true),
            Outcome::Refused(refused) if refused.as_slice() == [false, true] => Ok(false),
            Outcome::Refused(_) => Err(TableError::Conflict),
        }
    }

    /// Gives an address back, if it is that project's: somebody else may have it after 30 days.
    pub async fn free_address(
        &self,
        address: &Address,
        (tenant, project): (&TenantId, &ProjectName),
        now: Timestamp,
    ) -> Result<(), TableError> {
        let free_at = now.saturating_add((TOMBSTONE_DAYS * 24).hours()).unwrap_or(Timestamp::MAX);
        let update = self.client.update_item().table_name(&self.name).set_key(Some(address_key(address)));
        let update = update.update_expression("SET free_at = :free_at, expires_at = :free_at");
        let update = update.condition_expression("tenant = :tenant AND #project = :project");
        let update = update.expression_attribute_names("#project", "project");
        let update = update.expression_attribute_values(":tenant", text(tenant.as_str()));
        let update = update.expression_attribute_values(":project", text(project.as_str()));
        let sent = update.expression_attribute_values(":free_at", seconds(free_at)).send().await;
        sent.map(|_| ()).map_err(|error| ServiceFailure::new("free the address", &error).into())
    }
}
