//! Lists, a page at a time.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use serde::de::DeserializeOwned;

use super::item::{from_item, key, text};
use super::{Table, TableError};
use crate::ServiceFailure;

/// Which page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Where the page before ended, as it said; absent for the first.
    pub after: Option<String>,
    /// At most so many.
    pub limit: i32,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where it ended, if there is more.
    pub next: Option<String>,
}

/// A range of records of one partition.
pub(super) struct Range<'a> {
    pub(super) partition: String,
    /// What their sort keys begin with.
    pub(super) prefix: String,
    pub(super) is_newest_first: bool,
    pub(super) action: &'static str,
    pub(super) request: &'a PageRequest,
}

impl<T> Page<T> {
    /// The same page of what these have become.
    pub fn map<U>(self, become_: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(become_).collect(), next: self.next }
    }
}

impl Table {
    /// Reads a page. Where it goes on is told by the sort key behind the prefix, which means nothing elsewhere.
    pub(super) async fn page<T: DeserializeOwned>(&self, range: Range<'_>) -> Result<Page<T>, TableError> {
        let (query, prefix, action) = self.query_of(range);
        read(query, action, "sk", |end| end.strip_prefix(prefix.as_str()).map(str::to_owned)).await
    }

    /// The same of those records in which a field has that value; what is passed over counts for the page, too.
    pub(super) async fn page_where<T: DeserializeOwned>(
        &self,
        range: Range<'_>,
        (field, value): (&str, &str),
    ) -> Result<Page<T>, TableError> {
        let (query, prefix, action) = self.query_of(range);
        let query = query.filter_expression("#field = :value").expression_attribute_names("#field", field);
        let query = query.expression_attribute_values(":value", text(value));
        read(query, action, "sk", |end| end.strip_prefix(prefix.as_str()).map(str::to_owned)).await
    }

    fn query_of(&self, range: Range<'_>) -> (QueryFluentBuilder, String, &'static str) {
        let Range { partition, prefix, is_newest_first, action, request } = range;
        let start = request.after.as_ref().map(|after| key(&partition, &format!("{prefix}{}", bounded(after))));
        let query = self.client.query().table_name(&self.name).consistent_read(true);
        let query = query.scan_index_forward(!is_newest_first).limit(request.limit).set_exclusive_start_key(start);
        let query = query.key_condition_expression("pk = :pk AND begins_with(sk, :prefix)");
        let query = query.expression_attribute_values(":pk", text(partition));
        (query.expression_attribute_values(":prefix", text(prefix.clone())), prefix, action)
    }
}

/// Reads a page by a query; `place` is the attribute that says where it ended.
pub(super) async fn read<T: DeserializeOwned>(
    query: QueryFluentBuilder,
    action: &'static str,
    place: &str,
    ended_at: impl Fn(&str) -> Option<String>,
) -> Result<Page<T>, TableError> {
    let page = query.send().await.map_err(|error| ServiceFailure::new(action, &error))?;
    let end = page.last_evaluated_key.and_then(|mut key| key.remove(place));
    let next = end.and_then(|end| end.as_s().ok().and_then(|end| ended_at(end)));
    let items = page.items.unwrap_or_default().into_iter().map(from_item).collect::<Result<_, _>>()?;
    Ok(Page { items, next })
}

/// What a caller says about the place stays within the range.
fn bounded(after: &str) -> String {
    after.chars().filter(|c| *c != '\u{0}').take(200).collect()
}
