//! Batches from a queue: every message on its own, so that none stops another.

use std::future::Future;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use lambda_runtime::{LambdaEvent, run_concurrent, service_fn};
use tokio::task::JoinSet;
use tracing::{Instrument, error, info_span};

/// A message whose work failed: the queue delivers it again, and sets it aside in the end.
#[derive(Debug)]
pub struct Unhandled;

/// Answers the queue's batches until the function is stopped.
pub async fn serve<F, Fut>(handle: F) -> Result<(), lambda_runtime::Error>
where
    F: Fn(String) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<(), Unhandled>> + Send + 'static,
{
    run_concurrent(service_fn(move |event: LambdaEvent<SqsEvent>| {
        let handle = handle.clone();
        async move { Ok::<_, lambda_runtime::Error>(consume(event.payload, handle).await) }
    }))
    .await
}

/// Hands each message's body to `handle`, all at once, and reports those that were not handled.
pub async fn consume<F, Fut>(event: SqsEvent, handle: F) -> SqsBatchResponse
where
    F: Fn(String) -> Fut,
    Fut: Future<Output = Result<(), Unhandled>> + Send + 'static,
{
    let mut running = JoinSet::new();
    let mut ids = std::collections::HashMap::new();
    for message in event.records {
        let id = message.message_id.unwrap_or_default();
        let work = handle(message.body.unwrap_or_default()).instrument(info_span!("message", message_id = %id));
        ids.insert(running.spawn(work).id(), id);
    }
    let mut response = SqsBatchResponse::default();
    while let Some(ended) = running.join_next_with_id().await {
        let unhandled = match ended {
            Ok((_, Ok(()))) => None,
            Ok((task, Err(Unhandled))) => ids.remove(&task),
            Err(panic) => {
                error!(error = %panic, "the work on a message panicked");
                ids.remove(&panic.id())
            }
        };
        if let Some(id) = unhandled {
            response.add_failure(id);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn messages_that_fail_or_panic_are_reported_and_stop_no_other() {
        let record = |id: &str, body: &str| json!({"messageId": id, "body": body});
        let event = json!({"Records": [record("1", "fails"), record("2", "panics"), record("3", "succeeds")]});
        let response = consume(serde_json::from_value(event).unwrap(), |body| async move {
            assert_ne!(body, "panics");
            if body == "fails" { Err(Unhandled) } else { Ok(()) }
        });
        let failures = response.await.batch_item_failures;
        let mut failed: Vec<_> = failures.iter().map(|failure| failure.item_identifier.as_str()).collect();
        failed.sort_unstable();
        assert_eq!(failed, ["1", "2"]);
    }
}
