//! Lists come a page at a time; where a page ends is told in a form that means nothing to its reader.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use data_encoding::BASE64URL_NOPAD;
use roost_aws::table::{Page, PageRequest};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::input::Parameters;
use crate::problem::Problem;

const USUAL: i32 = 50;
const MOST: i32 = 100;

/// Which page is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PagingQuery {
    /// How many at most, 1 to 100; 50 if absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// Where the page before ended: its `next`.
    cursor: Option<String>,
}

/// Which page is asked for, checked.
#[derive(Debug, Clone)]
pub(crate) struct Paging(pub(crate) PageRequest);

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listed<T> {
    /// What is on it.
    pub(crate) items: Vec<T>,
    /// What to send as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

impl<T> From<Page<T>> for Listed<T> {
    fn from(page: Page<T>) -> Self {
        Self { items: page.items, next: page.next.map(|next| BASE64URL_NOPAD.encode(next.as_bytes())) }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Parameters(query) = Parameters::from_request_parts(parts, state).await?;
        Self::read(query)
    }
}

impl Paging {
    fn read(query: PagingQuery) -> Result<Self, Problem> {
        let limit = query.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(Problem::input("limit", format!("{limit} is not a number from 1 to {MOST}")));
        }
        let after = query.cursor.map(|cursor| decoded(&cursor)).transpose()?;
        Ok(Self(PageRequest { after, limit }))
    }
}

fn decoded(cursor: &str) -> Result<String, Problem> {
    let decoded = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let decoded = decoded.filter(|place| !place.is_empty() && place.len() <= 200 && place.is_ascii());
    decoded.ok_or_else(|| Problem::input("cursor", "this is not the `next` of a page"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(limit: Option<i32>, cursor: Option<&str>) -> Result<Paging, Problem> {
        Paging::read(PagingQuery { limit, cursor: cursor.map(str::to_owned) })
    }

    #[test]
    fn a_page_goes_on_where_the_one_before_ended() {
        let page = Listed::from(Page { items: vec![1], next: Some("shop".to_owned()) });
        let Paging(request) = read(None, page.next.as_deref()).unwrap();
        assert_eq!(request, PageRequest { after: Some("shop".to_owned()), limit: 50 });
    }

    #[test]
    fn what_no_page_said_is_no_place() {
        for cursor in ["", "!!!", "c2hvcA==", "w6Q"] {
            assert!(read(None, Some(cursor)).is_err(), "{cursor}");
        }
        for limit in [0, -1, 101] {
            assert!(read(Some(limit), None).is_err(), "{limit}");
        }
    }
}
