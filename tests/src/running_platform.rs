//! The platform the tests run on, found by the variables that `make env` prints.

use anyhow::{Context, Result};
use aws_config::{BehaviorVersion, SdkConfig};
use jiff::Timestamp;
use kube::config::KubeConfigOptions;
use roost_aws::table::Table;

/// The running platform.
#[derive(Clone)]
pub struct RunningPlatform {
    /// For clients of AWS services.
    pub aws: SdkConfig,
    /// The cluster, as its administrator.
    pub cluster: kube::Client,
    /// The platform's own table.
    pub table: Table,
}

/// A variable that `make env` prints.
pub fn variable(name: &str) -> Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set; run the tests by `make test`, or after `make env`"))
}

impl RunningPlatform {
    /// Connects to it.
    pub async fn connect() -> Result<Self> {
        variable("AWS_ENDPOINT_URL")?;
        let aws = aws_config::load_defaults(BehaviorVersion::latest()).await;
        let config = kube::Config::from_kubeconfig(&KubeConfigOptions::default()).await?;
        let table = Table::new(aws_sdk_dynamodb::Client::new(&aws), variable("ROOST_TABLE")?);
        Ok(Self { cluster: kube::Client::try_from(config)?, table, aws })
    }

    /// Puts an event on the bus, as the website does; answers with its id.
    pub async fn publish(&self, kind: &str, detail: &serde_json::Value) -> Result<String> {
        let entry = aws_sdk_eventbridge::types::PutEventsRequestEntry::builder()
            .event_bus_name(variable("ROOST_EVENT_BUS")?)
            .source("roost.website")
            .detail_type(kind)
            .detail(detail.to_string())
            .time(aws_sdk_eventbridge::primitives::DateTime::from_millis(Timestamp::now().as_millisecond()))
            .build();
        let sent = aws_sdk_eventbridge::Client::new(&self.aws).put_events().entries(entry).send().await?;
        let id = sent.entries().first().and_then(|entry| entry.event_id().map(str::to_owned));
        id.context("the bus took no event")
    }
}
