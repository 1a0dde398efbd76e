//! Lists, which come a page at a time.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::request::Request;
use crate::{Client, ClientError};

/// The most that one page has.
const MOST: usize = 100;

/// A page of a list.
#[derive(Debug, Deserialize)]
pub(crate) struct Listed<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<String>,
}

impl Client {
    /// As many items as are wanted, if there are so many.
    pub(crate) async fn list<T: DeserializeOwned>(&self, path: &[&str], most: usize) -> Result<Vec<T>, ClientError> {
        let (mut items, mut cursor) = (Vec::new(), None);
        loop {
            let limit = (most - items.len()).clamp(1, MOST);
            let request = Request::get(path).with("limit", Some(limit)).with("cursor", cursor);
            let page: Listed<T> = self.ask(request).await?;
            items.extend(page.items);
            cursor = page.next;
            if cursor.is_none() || items.len() >= most {
                items.truncate(most);
                return Ok(items);
            }
        }
    }
}
