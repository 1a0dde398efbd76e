//! How much each caller asks for, counted for everybody who answers.

use aws_sdk_dynamodb::types::ReturnValue;
use jiff::{SignedDuration, Timestamp};

use super::item::{META, key, number, seconds};
use super::{Table, TableError};
use crate::ServiceFailure;

const WINDOW_SECONDS: i64 = 60;

impl Table {
    /// Counts a request of a caller; answers with how many there were in this minute, this one included.
    pub async fn count_request(&self, caller: &str, now: Timestamp) -> Result<u64, TableError> {
        let window = now.as_second().div_euclid(WINDOW_SECONDS);
        let forgotten_at = now.saturating_add(SignedDuration::from_secs(2 * WINDOW_SECONDS)).unwrap_or(Timestamp::MAX);
        let place = key(&format!("RATE#{caller}#{window}"), META);
        let update = self.client.update_item().table_name(&self.name).set_key(Some(place));
        let update = update.update_expression("ADD requests :one SET expires_at = :forgotten_at");
        let update = update.expression_attribute_values(":one", number(1));
        let update = update.expression_attribute_values(":forgotten_at", seconds(forgotten_at));
        let counted = update.return_values(ReturnValue::UpdatedNew).send().await;
        let counted = counted.map_err(|error| ServiceFailure::new("count a request", &error))?;
        let requests = counted.attributes.and_then(|mut attributes| attributes.remove("requests"));
        Ok(requests.and_then(|requests| requests.as_n().ok()?.parse().ok()).unwrap_or(0))
    }
}
