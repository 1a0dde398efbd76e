//! The clients of a function, made once for its process.

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use roost_aws::queue::Queue;
use roost_aws::secrets::PlatformSecrets;
use roost_aws::table::Table;
use roost_aws::vault::{KmsVault, SecretsManagerVault, Vault, VaultKind};
use roost_domain::plan::Plans;

use crate::{Clusters, Settings, SettingsError};

/// A function has 30 s in all; one call that hangs must leave time to put the work back.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(8);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

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
        lambda_runtime::tracing::init_default_subscriber();
        let settings = Settings::read(|name| std::env::var(name).ok())?;
        let timeouts =
            TimeoutConfig::builder().operation_timeout(OPERATION_TIMEOUT).connect_timeout(CONNECT_TIMEOUT).build();
        let aws = aws_config::defaults(BehaviorVersion::latest()).timeout_config(timeouts).load().await;
        let credentials = aws.credentials_provider().ok_or(StartError::NoCredentials)?;
        Ok(Self::new(settings, &aws, credentials))
    }

    fn new(settings: Settings, aws: &SdkConfig, credentials: SharedCredentialsProvider) -> Self {
        let table = Table::new(aws_sdk_dynamodb::Client::new(aws), settings.table);
        let secrets = aws_sdk_secretsmanager::Client::new(aws);
        let queues = aws_sdk_sqs::Client::new(aws);
        Self {
            vault: match settings.vault {
                VaultKind::Kms => Vault::Kms(KmsVault::new(aws_sdk_kms::Client::new(aws), settings.tenant_key)),
                VaultKind::SecretsManager => Vault::SecretsManager(SecretsManagerVault::new(secrets.clone())),
            },
            clusters: Clusters::new(table.clone(), PlatformSecrets::new(secrets.clone()), credentials),
            aws: aws.clone(),
            secrets: PlatformSecrets::new(secrets),
            table,
            plans: settings.plans,
            queue: Queue::new(queues.clone(), settings.queue_url),
            dead_letters: Queue::new(queues, settings.dead_letter_queue_url),
            credential_lifetime_seconds: settings.credential_lifetime_seconds,
        }
    }
}
