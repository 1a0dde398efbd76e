//! What functions have in common, whatever wakes them: clients, made once for a process.

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use roost_aws::secrets::PlatformSecrets;
use roost_aws::table::Table;
use roost_aws::vault::{KmsVault, SecretsManagerVault, Vault, VaultKind};
use roost_domain::plan::Plans;

use crate::{Clusters, FoundationSettings, StartError};

/// A function has 30 s in all; one call that hangs must leave time to put the work back.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(8);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// What every function works with.
#[derive(Clone)]
pub struct Foundation {
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
}

impl Foundation {
    /// Starts the log and makes the clients from the environment.
    pub async fn start() -> Result<Self, StartError> {
        lambda_runtime::tracing::init_default_subscriber();
        let settings = FoundationSettings::read(|name| std::env::var(name).ok())?;
        let timeouts =
            TimeoutConfig::builder().operation_timeout(OPERATION_TIMEOUT).connect_timeout(CONNECT_TIMEOUT).build();
        let aws = aws_config::defaults(BehaviorVersion::latest()).timeout_config(timeouts).load().await;
        let credentials = aws.credentials_provider().ok_or(StartError::NoCredentials)?;
        Ok(Self::new(settings, aws, credentials))
    }

    fn new(settings: FoundationSettings, aws: SdkConfig, credentials: SharedCredentialsProvider) -> Self {
        let table = Table::new(aws_sdk_dynamodb::Client::new(&aws), settings.table);
        let secrets = aws_sdk_secretsmanager::Client::new(&aws);
        Self {
            vault: match settings.vault {
                VaultKind::Kms => Vault::Kms(KmsVault::new(aws_sdk_kms::Client::new(&aws), settings.tenant_key)),
                VaultKind::SecretsManager => Vault::SecretsManager(SecretsManagerVault::new(secrets.clone())),
            },
            clusters: Clusters::new(table.clone(), PlatformSecrets::new(secrets.clone()), credentials),
            secrets: PlatformSecrets::new(secrets),
            table,
            plans: settings.plans,
            aws,
        }
    }
}
