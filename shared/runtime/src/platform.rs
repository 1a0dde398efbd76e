//! What a function works with that is woken by messages of a queue.

use aws_config::SdkConfig;
use roost_aws::queue::Queue;
use roost_aws::secrets::PlatformSecrets;
use roost_aws::table::Table;
use roost_aws::vault::Vault;
use roost_domain::plan::Plans;

use crate::{Clusters, Foundation, Settings, SettingsError};

/// What the functions work with.
#[derive(Clone)]
pub struct Platform {
    /// For clients of further services.
    pub aws: SdkConfig,
    /// The platform's own secrets.
    pub secrets: PlatformSecrets,
    /// The records.
    pub table: Table,
    /// The tenants' tokens.
    pub vault: Vault,
    /// The clusters.
    pub clusters: Clusters,
    /// The plans on offer.
    pub plans: Plans,
    /// The function's own queue.
    pub queue: Queue,
    /// Where messages go about which nothing can be done.
    pub dead_letters: Queue,
    /// The life of a tenant's token, in seconds.
    pub credential_lifetime_seconds: i64,
}

/// Why a function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Its settings.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// It has no identity.
    #[error("there are no AWS credentials")]
    NoCredentials,
}

impl Platform {
    /// Starts the log and makes the clients from the environment.
    pub async fn start() -> Result<Self, StartError> {
        let settings = Settings::read(|name| std::env::var(name).ok())?;
        Ok(Self::new(settings, Foundation::start().await?))
    }

    fn new(settings: Settings, foundation: Foundation) -> Self {
        let Foundation { aws, secrets, table, vault, clusters, plans } = foundation;
        let queues = aws_sdk_sqs::Client::new(&aws);
        Self {
            queue: Queue::new(queues.clone(), settings.queue_url),
            dead_letters: Queue::new(queues, settings.dead_letter_queue_url),
            credential_lifetime_seconds: settings.credential_lifetime_seconds,
            aws,
            secrets,
            table,
            vault,
            clusters,
            plans,
        }
    }
}
