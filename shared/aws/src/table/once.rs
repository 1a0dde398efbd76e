//! What may be carried out once only, however often it is asked for, and what was answered.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::item::{META, from_item, key, number, seconds, to_item};
use super::{Table, TableError};
use crate::ServiceFailure;

/// Whoever asks again after this time is somebody new.
const KEPT_HOURS: i64 = 24;
/// Longer than any function runs: whoever began has died.
const LONGEST_RUN: SignedDuration = SignedDuration::from_mins(2);

/// Something that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnceRecord {
    /// What was asked for, as a digest: another request does not get this one's answer.
    pub request: String,
    /// When it was begun, in seconds since 1970.
    pub begun_at: i64,
    /// What was answered; absent until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<KeptAnswer>,
}

/// An answer, to be given again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// Its status.
    pub status: u16,
    /// Where what was created is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Its body.
    pub body: String,
}

fn partition(name: &str) -> String {
    format!("ONCE#{name}")
}

impl Table {
    /// Begins something; answers with the record if somebody has begun it before.
    pub async fn begin_once(
        &self,
        name: &str,
        request: &str,
        now: Timestamp,
    ) -> Result<Option<OnceRecord>, TableError> {
        let record = OnceRecord { request: request.to_owned(), begun_at: now.as_second(), answer: None };
        let stale = now.saturating_sub(LONGEST_RUN).unwrap_or(Timestamp::MIN);
        let forgotten_at = now.saturating_add(KEPT_HOURS.hours()).unwrap_or(Timestamp::MAX);
        let mut item = to_item(&partition(name), META, &record)?;
        item.insert("expires_at".to_owned(), seconds(forgotten_at));
        let put = self.client.put_item().table_name(&self.name).set_item(Some(item)).condition_expression(
            "attribute_not_exists(pk) OR expires_at <= :now OR (attribute_not_exists(answer) AND begun_at < :stale)",
        );
        let put = put.expression_attribute_values(":now", seconds(now));
        let put = put.expression_attribute_values(":stale", number(stale.as_second()));
        match put.send().await {
            Ok(_) => Ok(None),
            Err(error) if is_refused(&error) => self.once(name).await,
            Err(error) => Err(ServiceFailure::new("begin what is done once", &error).into()),
        }
    }

    /// Keeps what was answered.
    pub async fn keep_answer(&self, name: &str, answer: &KeptAnswer) -> Result<(), TableError> {
        let mut answer = to_item("", "", answer)?;
        answer.retain(|field, _| field != "pk" && field != "sk");
        let update = self.client.update_item().table_name(&self.name).set_key(Some(key(&partition(name), META)));
        let update = update.update_expression("SET answer = :answer");
        let value = aws_sdk_dynamodb::types::AttributeValue::M(answer);
        let sent = update.expression_attribute_values(":answer", value).send().await;
        sent.map(drop).map_err(|error| ServiceFailure::new("keep an answer", &error).into())
    }

    /// Lets something be begun anew, because it came to nothing.
    pub async fn forget_once(&self, name: &str) -> Result<(), TableError> {
        let delete = self.client.delete_item().table_name(&self.name).set_key(Some(key(&partition(name), META)));
        let sent = delete.condition_expression("attribute_not_exists(answer)").send().await;
        match sent {
            Err(error)
                if !error.as_service_error().is_some_and(DeleteItemError::is_conditional_check_failed_exception) =>
            {
                Err(ServiceFailure::new("forget what came to nothing", &error).into())
            }
            _ => Ok(()),
        }
    }

    async fn once(&self, name: &str) -> Result<Option<OnceRecord>, TableError> {
        let get = self.client.get_item().table_name(&self.name).set_key(Some(key(&partition(name), META)));
        let got = get.consistent_read(true).send().await;
        let got = got.map_err(|error| ServiceFailure::new("read what is done once", &error))?;
        // Between both calls it was forgotten: whoever asks again begins anew.
        let none = || OnceRecord { request: String::new(), begun_at: 0, answer: None };
        Ok(Some(got.item.map(from_item).transpose()?.unwrap_or_else(none)))
    }
}

fn is_refused<R>(error: &SdkError<PutItemError, R>) -> bool {
    error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception)
}

#[cfg(test)]
mod tests {
    use super::super::item::text;
    use super::*;

    #[test]
    fn an_answer_is_read_as_it_was_kept() {
        let answer = KeptAnswer { status: 201, location: Some("/api/x".to_owned()), body: "{}".to_owned() };
        let record = OnceRecord { request: "d".to_owned(), begun_at: 1, answer: Some(answer) };
        let mut item = to_item(&partition("n"), META, &record).unwrap();
        item.insert("expires_at".to_owned(), text("1"));
        assert_eq!(from_item::<OnceRecord>(item).unwrap(), record);
    }
}
