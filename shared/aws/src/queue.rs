//! A function's own queue, in which work waits that cannot go on now, and the one for what never will.

use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::MessageAttributeValue;

use crate::ServiceFailure;

/// The longest SQS delays a message.
const LONGEST_DELAY: Duration = Duration::from_mins(15);

/// A queue messages are sent to.
#[derive(Debug, Clone)]
pub struct Queue {
    client: Client,
    url: String,
}

impl Queue {
    /// The queue at that URL.
    #[must_use]
    pub fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    /// Sends a message that is delivered after `delay`, in whole seconds, at most 15 minutes.
    pub async fn send_later(&self, body: String, delay: Duration) -> Result<(), ServiceFailure> {
        let seconds = i32::try_from(delay.min(LONGEST_DELAY).as_secs()).unwrap_or(i32::MAX);
        let send = self.client.send_message().queue_url(&self.url).message_body(body).delay_seconds(seconds);
        send.send().await.map(|_| ()).map_err(|error| ServiceFailure::new("put work back for later", &error))
    }

    /// Sets a message aside with the reason why nothing can be done about it.
    pub async fn set_aside(&self, body: String, reason: &str) -> Result<(), ServiceFailure> {
        let action = "set a message aside";
        let reason = MessageAttributeValue::builder().data_type("String").string_value(reason).build();
        let Ok(reason) = reason else {
            return self.send_later(body, Duration::ZERO).await;
        };
        let message = self.client.send_message().queue_url(&self.url).message_body(body);
        let sent = message.message_attributes("reason", reason).send().await;
        sent.map(|_| ()).map_err(|error| ServiceFailure::new(action, &error))
    }
}
