//! The event bus: what one function says, and another one's queue receives.

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::error::BuildError;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use roost_domain::fault::{Classified, Fault};
use serde::Serialize;

use crate::ServiceFailure;

/// Who sends the platform's own events.
pub const SOURCE: &str = "roost.platform";

/// The platform's event bus.
#[derive(Debug, Clone)]
pub struct Bus {
    client: Client,
    name: String,
}

/// Why an event was not sent.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// The bus did not answer, or refused the call.
    #[error(transparent)]
    Service(#[from] ServiceFailure),
    /// The bus answered, and did not take the event.
    #[error("the bus did not take the event: {0}")]
    NotTaken(String),
    /// The detail cannot be written as JSON.
    #[error("the event cannot be written: {0}")]
    Detail(#[from] serde_json::Error),
    /// The program built no valid event.
    #[error("the event could not be built: {0}")]
    Request(#[from] BuildError),
}

impl Classified for BusError {
    fn fault(&self) -> Fault {
        match self {
            Self::Service(failure) => failure.fault(),
            Self::NotTaken(_) => Fault::Passing,
            Self::Detail(_) | Self::Request(_) => Fault::Ours,
        }
    }
}

impl Bus {
    /// The bus of that name.
    #[must_use]
    pub fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    /// Sends an event of the platform; answers with its id.
    pub async fn send(&self, kind: &str, detail: &impl Serialize) -> Result<String, BusError> {
        let entry = PutEventsRequestEntry::builder().event_bus_name(&self.name).source(SOURCE).detail_type(kind);
        let entry = entry.detail(serde_json::to_string(detail)?).build();
        let sent = self.client.put_events().entries(entry).send().await;
        let sent = sent.map_err(|error| ServiceFailure::new("send an event", &error))?;
        let sent = sent.entries().first();
        let refused = || sent.and_then(|entry| entry.error_message()).unwrap_or("it did not say why").to_owned();
        let id = sent.and_then(|entry| entry.event_id()).map(str::to_owned);
        id.ok_or_else(|| BusError::NotTaken(refused()))
    }
}
