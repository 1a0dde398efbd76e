//! Tokens that users made for programs: found by their digest, listed by their owner.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use jiff::{Timestamp, ToSpan};
use roost_domain::access::{ApiToken, TokenDigest};
use roost_domain::naming::{TenantId, TokenId};
use serde::{Deserialize, Serialize};

use super::item::{META, from_item, key, seconds, text, to_item};
use super::page::Range;
use super::tenants::partition;
use super::transaction::put;
use super::{HistoryEntry, Page, PageRequest, Table, TableError};
use crate::ServiceFailure;

const PREFIX: &str = "TOKEN#";
/// So long it can be read that a token has ended.
const SHOWN_AFTER_ITS_END_DAYS: i64 = 30;

/// From a digest to the token.
#[derive(Serialize, Deserialize)]
struct Pointer {
    tenant: TenantId,
    token: TokenId,
}

fn token_key(token: &TokenId) -> String {
    format!("{PREFIX}{token}")
}

fn digest_partition(digest: &TokenDigest) -> String {
    format!("{PREFIX}{}", digest.as_str())
}

impl Table {
    /// Keeps a new token, with what is to be remembered of it.
    pub async fn keep_token(&self, token: &ApiToken, entry: &HistoryEntry) -> Result<(), TableError> {
        let forgotten_at = token.ends_at.saturating_add((SHOWN_AFTER_ITS_END_DAYS * 24).hours());
        let forgotten_at = seconds(forgotten_at.unwrap_or(Timestamp::MAX));
        let mut record = to_item(&partition(&token.tenant), &token_key(&token.id), token)?;
        let pointer = Pointer { tenant: token.tenant.clone(), token: token.id.clone() };
        let mut pointer = to_item(&digest_partition(&token.digest), META, pointer)?;
        record.insert("expires_at".to_owned(), forgotten_at.clone());
        pointer.insert("expires_at".to_owned(), forgotten_at);
        let new = |item| {
            let put = Put::builder().table_name(&self.name).set_item(Some(item));
            put.condition_expression("attribute_not_exists(pk)").build()
        };
        let items = vec![put(new(record)?), put(new(pointer)?), put(self.history_put(&token.tenant, entry)?)];
        self.transact_or_conflict("keep the token", items).await
    }

    /// The token of that digest, if it was not taken back.
    pub async fn token_of_digest(&self, digest: &TokenDigest) -> Result<Option<ApiToken>, TableError> {
        let get = self.client.get_item().table_name(&self.name).set_key(Some(key(&digest_partition(digest), META)));
        let got = get.consistent_read(true).send().await;
        let got = got.map_err(|error| ServiceFailure::new("find the token", &error))?;
        match got.item.map(from_item::<Pointer>).transpose()? {
            Some(Pointer { tenant, token }) => self.token(&tenant, &token).await,
            None => Ok(None),
        }
    }

    /// A user's token.
    pub async fn token(&self, tenant: &TenantId, token: &TokenId) -> Result<Option<ApiToken>, TableError> {
        self.read(tenant, &token_key(token), "read the token").await
    }

    /// A user's tokens, the newest first.
    pub async fn tokens(&self, tenant: &TenantId, request: &PageRequest) -> Result<Page<ApiToken>, TableError> {
        let (partition, prefix) = (partition(tenant), PREFIX.to_owned());
        self.page(Range { partition, prefix, is_newest_first: true, action: "list the tokens", request }).await
    }

    /// Takes a token back: from now on nobody comes with it.
    pub async fn revoke_token(&self, token: &ApiToken, entry: &HistoryEntry) -> Result<(), TableError> {
        let gone = |item| -> Result<_, TableError> {
            let delete = Delete::builder().table_name(&self.name).set_key(Some(item)).build()?;
            Ok(TransactWriteItem::builder().delete(delete).build())
        };
        let items = vec![
            gone(key(&partition(&token.tenant), &token_key(&token.id)))?,
            gone(key(&digest_partition(&token.digest), META))?,
            put(self.history_put(&token.tenant, entry)?),
        ];
        self.transact_or_conflict("take the token back", items).await
    }

    /// Notes that a token was used, if it is still there.
    pub async fn note_use(&self, token: &ApiToken, now: Timestamp) -> Result<(), TableError> {
        let place = key(&partition(&token.tenant), &token_key(&token.id));
        let update = self.client.update_item().table_name(&self.name).set_key(Some(place));
        let update = update.update_expression("SET last_used_at = :now").condition_expression("attribute_exists(pk)");
        let sent = update.expression_attribute_values(":now", text(now.to_string())).send().await;
        let is_gone = UpdateItemError::is_conditional_check_failed_exception;
        match sent {
            Err(error) if !error.as_service_error().is_some_and(is_gone) => {
                Err(ServiceFailure::new("note the token's use", &error).into())
            }
            _ => Ok(()),
        }
    }
}
