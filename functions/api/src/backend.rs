//! What requests are answered with: clients, made once for the function's process.

use aws_sdk_s3::config::{Builder, RequestChecksumCalculation};
use roost_aws::bus::Bus;
use roost_aws::objects::Objects;
use roost_aws::queue::Queue;
use roost_runtime::Foundation;

use crate::messages::Gateway;
use crate::settings::ApiSettings;

/// All that is behind the API.
#[derive(Clone)]
pub(crate) struct Backend {
    /// What every function works with.
    pub(crate) base: Foundation,
    /// The bucket.
    pub(crate) objects: Objects,
    /// The same bucket as it is reached by those who send archives.
    pub(crate) uploads: Objects,
    /// The bus.
    pub(crate) bus: Bus,
    /// Where the sweep is asked for.
    pub(crate) sweeps: Queue,
    /// The way to apps.
    pub(crate) gateway: Gateway,
    /// The function's settings.
    pub(crate) settings: ApiSettings,
}

impl Backend {
    /// Starts the log and makes the clients from the environment.
    pub(crate) async fn start() -> Result<Self, lambda_runtime::Error> {
        let base = Foundation::start().await?;
        let settings = ApiSettings::read(|name| std::env::var(name).ok())?;
        // Otherwise every URL for writing would be bound to the checksum of nothing.
        let s3 = Builder::from(&base.aws).request_checksum_calculation(RequestChecksumCalculation::WhenRequired);
        let mut reached_by_others = s3.clone();
        if let Some(endpoint) = &settings.upload_endpoint {
            reached_by_others.set_endpoint_url(Some(endpoint.clone()));
        }
        let objects = |s3: Builder| Objects::new(aws_sdk_s3::Client::from_conf(s3.build()), settings.bucket.clone());
        Ok(Self {
            objects: objects(s3),
            uploads: objects(reached_by_others),
            bus: Bus::new(aws_sdk_eventbridge::Client::new(&base.aws), settings.bus.clone()),
            sweeps: Queue::new(aws_sdk_sqs::Client::new(&base.aws), settings.sweep_queue_url.clone()),
            gateway: Gateway::new(settings.gateway_address, settings.gateway_port.as_deref())?,
            settings,
            base,
        })
    }
}
