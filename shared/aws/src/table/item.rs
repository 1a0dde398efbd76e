//! How records become items and back.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use super::TableError;

pub(super) type Item = HashMap<String, AttributeValue>;

/// The sort key of the record that stands for the thing itself.
pub(super) const META: &str = "META";

/// A record as an item under its key.
pub(super) fn to_item<T: Serialize>(pk: &str, sk: &str, record: T) -> Result<Item, TableError> {
    let unreadable = |source| TableError::Unreadable { key: pk.to_owned(), source };
    let mut item: Item = serde_dynamo::to_item(record).map_err(unreadable)?;
    item.extend(key(pk, sk));
    Ok(item)
}

/// The record an item holds.
pub(super) fn from_item<T: DeserializeOwned>(item: Item) -> Result<T, TableError> {
    let key = item.get("pk").and_then(|pk| pk.as_s().ok()).cloned().unwrap_or_default();
    serde_dynamo::from_item(item).map_err(|source| TableError::Unreadable { key, source })
}

/// An item's key.
pub(super) fn key(pk: &str, sk: &str) -> Item {
    Item::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

pub(super) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(super) fn number(value: impl Into<i128>) -> AttributeValue {
    AttributeValue::N(value.into().to_string())
}

/// A time as seconds since 1970, which conditions and the table's own expiry compare.
pub(super) fn seconds(time: Timestamp) -> AttributeValue {
    number(time.as_second())
}

/// A time as text that sorts by time.
pub(super) fn sortable(time: Timestamp) -> AttributeValue {
    text(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}
