//! A world of one's own for a test: table, key and queues like the platform's, and functions of which every call can be
//! watched and disturbed; only the cluster is shared.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use roost_aws::secrets::PlatformSecrets;
use roost_aws::table::Table;
use roost_aws::vault::{KmsVault, Owner as TokenOwner, SecretsManagerVault, Vault};
use roost_cluster::connection::{Connection, tenant_kubeconfig};
use roost_domain::cluster::{ClusterState, ConnectionSource};
use roost_domain::credential::SealedToken;
use roost_domain::naming::ClusterName;
use roost_domain::tenant::{Home, Tenant, TenantState};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tempfile::TempDir;
use ulid::Ulid;

use crate::fault_proxy::{Decide, FaultProxy, forward_all};
use crate::function::{Ending, Function, binaries};
use crate::owner::Owner;
use crate::running_platform::{RunningPlatform, variable};
use crate::until::PATIENCE;
use crate::user::{User, envelope};

/// The world's one cluster.
pub const CLUSTER: &str = "local";
/// The secret in which the platform keeps how its cluster is reached.
const PLATFORM_CLUSTER_SECRET: &str = "roost/clusters/local";

/// A test's world.
pub struct World {
    /// The platform it is in.
    pub platform: RunningPlatform,
    /// Its own table.
    pub table: Table,
    table_name: String,
    key: String,
    queue: String,
    dead_letters: String,
    settings: HashMap<String, String>,
    aws_endpoint: String,
    folder: TempDir,
}

impl World {
    /// A world in the running platform, with one cluster that takes 8,000 tenants.
    pub async fn new() -> Result<Self> {
        let platform = RunningPlatform::connect().await?;
        let name = format!("world-{}", Ulid::new().to_string().to_lowercase());
        let aws = &platform.aws;
        create_table_like_the_platforms(aws, &name).await?;
        let key = aws_sdk_kms::Client::new(aws).create_key().send().await?;
        let key = key.key_metadata.and_then(|key| key.arn).context("KMS made no key")?;
        let world = Self {
            table: Table::new(aws_sdk_dynamodb::Client::new(aws), name.clone()),
            table_name: name.clone(),
            key,
            queue: create_queue(aws, &name).await?,
            dead_letters: create_queue(aws, &format!("{name}-dead")).await?,
            settings: HashMap::new(),
            aws_endpoint: variable("AWS_ENDPOINT_URL")?,
            folder: tempfile::tempdir()?,
            platform,
        };
        world.register_cluster(PLATFORM_CLUSTER_SECRET, 8_000).await?;
        Ok(world)
    }

    /// The same world with a setting of its functions changed.
    #[must_use]
    pub fn with_setting(mut self, name: &str, value: &str) -> Self {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sets how the world's cluster is reached, and how many tenants it takes.
    pub async fn register_cluster(&self, secret: &str, capacity: u32) -> Result<()> {
        let connection = ConnectionSource::Secret { secret_id: secret.to_owned() };
        let name = ClusterName::parse(CLUSTER)?;
        Ok(self.table.register_cluster(&name, &connection, ClusterState::Open, capacity).await?)
    }

    /// Puts a proxy between the world's functions and AWS.
    pub async fn watch_aws(&mut self, decide: Decide) -> Result<FaultProxy> {
        let proxy = FaultProxy::start(&variable("AWS_ENDPOINT_URL")?, None, decide).await?;
        self.aws_endpoint.clone_from(&proxy.url);
        Ok(proxy)
    }

    /// Puts a proxy between the world's functions and the cluster's API server.
    pub async fn watch_cluster(&mut self, decide: Decide) -> Result<FaultProxy> {
        let secrets = self.secrets();
        let real: Value = serde_json::from_str(secrets.read(PLATFORM_CLUSTER_SECRET).await?.expose_secret())?;
        let host = real["host"].as_str().context("the cluster's secret has no host")?;
        let proxy = FaultProxy::start(host, real["ca"].as_str(), decide).await?;
        let watched = json!({"host": proxy.url, "token": real["token"]}).to_string();
        let name = format!("roost/clusters/{}", self.table_name);
        secrets.write(&name, &SecretString::from(watched)).await?;
        self.register_cluster(&name, 8_000).await?;
        Ok(proxy)
    }

    /// Watches all that the world's functions call.
    pub async fn watch_everything(&mut self) -> Result<[FaultProxy; 2]> {
        Ok([self.watch_aws(forward_all()).await?, self.watch_cluster(forward_all()).await?])
    }

    /// The platform's secrets.
    #[must_use]
    pub fn secrets(&self) -> PlatformSecrets {
        PlatformSecrets::new(aws_sdk_secretsmanager::Client::new(&self.platform.aws))
    }

    /// Starts one of the functions that were built with the tests.
    pub async fn start(&self, name: &str) -> Result<Function> {
        self.start_binary(&binaries()?.join(name), name).await
    }

    /// Starts a function from a file.
    pub async fn start_binary(&self, binary: &Path, name: &str) -> Result<Function> {
        let log = self.folder.path().join(format!("{}.log", Ulid::new()));
        Function::start(binary, name, &self.environment()?, &log).await
    }

    /// The environment infra/template.yaml gives the functions.
    pub fn environment(&self) -> Result<HashMap<String, String>> {
        let mut environment = HashMap::from([
            ("AWS_ENDPOINT_URL".to_owned(), self.aws_endpoint.clone()),
            ("AWS_REGION".to_owned(), variable("AWS_REGION")?),
            ("AWS_ACCESS_KEY_ID".to_owned(), variable("AWS_ACCESS_KEY_ID")?),
            ("AWS_SECRET_ACCESS_KEY".to_owned(), variable("AWS_SECRET_ACCESS_KEY")?),
            ("ROOST_TABLE".to_owned(), self.table_name.clone()),
            ("ROOST_TENANT_KEY".to_owned(), self.key.clone()),
            ("ROOST_VAULT".to_owned(), "kms".to_owned()),
            ("ROOST_QUEUE_URL".to_owned(), self.queue.clone()),
            ("ROOST_DEAD_LETTER_QUEUE_URL".to_owned(), self.dead_letters.clone()),
            ("ROOST_CREDENTIAL_LIFETIME_SECONDS".to_owned(), "86400".to_owned()),
            ("ROOST_ARTIFACT_BUCKET".to_owned(), variable("ROOST_ARTIFACT_BUCKET")?),
            ("ROOST_BASE_DOMAIN".to_owned(), variable("ROOST_BASE_DOMAIN")?),
            ("ROOST_BUILDER".to_owned(), "shared".to_owned()),
            ("ROOST_BUILD_LIMIT_SECONDS".to_owned(), "300".to_owned()),
            // Builds of other tests run in the same cluster.
            ("ROOST_BUILDS_AT_ONCE".to_owned(), "100".to_owned()),
            ("ROOST_IMAGE_PLATFORM".to_owned(), image_platform().to_owned()),
            ("ROOST_ROLL_OUT_LIMIT_SECONDS".to_owned(), "120".to_owned()),
            ("ROOST_IDLE_AFTER_SECONDS".to_owned(), "300".to_owned()),
        ]);
        environment.extend(self.settings.clone());
        Ok(environment)
    }

    /// Hands a message, and whatever is put back because of it, to a function until there is nothing left to do.
    pub async fn settle(&self, function: &Function, body: String, limit: Duration) -> Result<()> {
        handle_all(function, &[body]).await?;
        self.settle_queue(function, limit).await
    }

    /// Hands whatever was put back to a function until there is nothing left to do.
    pub async fn settle_queue(&self, function: &Function, limit: Duration) -> Result<()> {
        let started = Instant::now();
        while self.waiting().await? > 0 {
            let bodies = self.put_back(10, 1).await?;
            if !bodies.is_empty() {
                handle_all(function, &bodies).await?;
            }
            if started.elapsed() > limit {
                bail!("still not settled after {} s: {:?}", limit.as_secs(), function.logged().await?.last());
            }
        }
        Ok(())
    }

    /// Does something about a user from its first message to its end.
    pub async fn carry_out(&self, function: &Function, kind: &str, detail: &Value) -> Result<()> {
        self.settle(function, envelope(kind, detail), PATIENCE * 2).await
    }

    /// The user's tenant, ready.
    pub async fn ready_tenant(&self, user: &User) -> Result<(Tenant, Home)> {
        let tenant = self.table.tenant(&user.id).await?.context("there is no tenant")?;
        let TenantState::Ready { home } = tenant.state.clone() else { bail!("the tenant is {tenant:?}") };
        Ok((tenant, home))
    }

    /// How many tenants the world's cluster counts.
    pub async fn places_taken(&self) -> Result<u32> {
        Ok(self.table.clusters().await?.iter().map(|cluster| cluster.tenants).sum())
    }

    /// The owner of a tenant, with the credential in force.
    pub async fn owner(&self, user: &User) -> Result<Owner> {
        let (_, home) = self.ready_tenant(user).await?;
        let credential = home.credential.context("the tenant has no credential")?;
        self.owner_with(user, &home.slug.namespace(), credential.number, &credential.sealed).await
    }

    /// The owner of a tenant, with a credential of that number.
    pub async fn owner_with(&self, user: &User, namespace: &str, number: u32, sealed: &SealedToken) -> Result<Owner> {
        let cluster = ClusterName::parse(CLUSTER)?;
        let whose = TokenOwner { tenant: &user.id, cluster: &cluster, number };
        let token = self.vault(sealed).open(whose, sealed).await?;
        let connection = Connection::from_secret(self.secrets().read(PLATFORM_CLUSTER_SECRET).await?.expose_secret())?;
        Owner::with(tenant_kubeconfig(&connection, namespace, &token)?).await
    }

    /// The vault a token was sealed by.
    #[must_use]
    pub fn vault(&self, sealed: &SealedToken) -> Vault {
        let aws = &self.platform.aws;
        match sealed {
            SealedToken::Kms(_) => Vault::Kms(KmsVault::new(aws_sdk_kms::Client::new(aws), self.key.clone())),
            SealedToken::SecretsManager(_) => {
                Vault::SecretsManager(SecretsManagerVault::new(aws_sdk_secretsmanager::Client::new(aws)))
            }
        }
    }

    /// Messages set aside, with the reason for each.
    pub async fn set_aside(&self) -> Result<Option<(String, String)>> {
        let queues = aws_sdk_sqs::Client::new(&self.platform.aws);
        let got = queues.receive_message().queue_url(&self.dead_letters).message_attribute_names("All").send().await?;
        let message = got.messages.unwrap_or_default().pop();
        Ok(message.map(|message| {
            let reason = message.message_attributes.as_ref().and_then(|all| all.get("reason")?.string_value.clone());
            (message.body.unwrap_or_default(), reason.unwrap_or_default())
        }))
    }

    /// The queue's name for rules that send to it.
    pub(crate) async fn queue_arn(&self) -> Result<String> {
        use aws_sdk_sqs::types::QueueAttributeName::QueueArn;
        let queues = aws_sdk_sqs::Client::new(&self.platform.aws);
        let asked = queues.get_queue_attributes().queue_url(&self.queue).attribute_names(QueueArn).send().await?;
        let mut attributes = asked.attributes.unwrap_or_default();
        attributes.remove(&QueueArn).context("the queue has no ARN")
    }

    async fn waiting(&self) -> Result<usize> {
        use aws_sdk_sqs::types::QueueAttributeName as Attribute;
        let counted = [Attribute::ApproximateNumberOfMessages, Attribute::ApproximateNumberOfMessagesDelayed];
        let queues = aws_sdk_sqs::Client::new(&self.platform.aws);
        let asked = queues.get_queue_attributes().queue_url(&self.queue).set_attribute_names(Some(counted.to_vec()));
        let answer = asked.send().await?;
        let counts = answer.attributes.unwrap_or_default();
        Ok(counts.values().filter_map(|count| count.parse::<usize>().ok()).sum())
    }

    /// Takes up to ten messages out of the functions' queue, where they put back what could not go on; waits some
    /// seconds for the first.
    pub async fn put_back(&self, most: i32, wait_seconds: i32) -> Result<Vec<String>> {
        let queues = aws_sdk_sqs::Client::new(&self.platform.aws);
        let receive = queues.receive_message().queue_url(&self.queue).max_number_of_messages(most);
        let messages = receive.wait_time_seconds(wait_seconds).send().await?.messages.unwrap_or_default();
        for message in &messages {
            let handle = message.receipt_handle.clone();
            queues.delete_message().queue_url(&self.queue).set_receipt_handle(handle).send().await?;
        }
        Ok(messages.into_iter().filter_map(|message| message.body).collect())
    }
}

/// What the machine's images are built for.
fn image_platform() -> &'static str {
    if std::env::consts::ARCH == "aarch64" { "linux/arm64" } else { "linux/amd64" }
}

async fn handle_all(function: &Function, bodies: &[String]) -> Result<()> {
    match function.handle(bodies).await? {
        Ending::Answered(answer) if answer["batchItemFailures"] == json!([]) => Ok(()),
        ending => bail!("not every message was handled: {ending:?}"),
    }
}

async fn create_queue(aws: &aws_config::SdkConfig, name: &str) -> Result<String> {
    let created = aws_sdk_sqs::Client::new(aws).create_queue().queue_name(name).send().await?;
    created.queue_url.context("SQS made no queue")
}

/// Keys and indexes are those infra/template.yaml gave the platform's table.
async fn create_table_like_the_platforms(aws: &aws_config::SdkConfig, name: &str) -> Result<()> {
    use aws_sdk_dynamodb::types::{BillingMode, GlobalSecondaryIndex};
    let client = aws_sdk_dynamodb::Client::new(aws);
    let model = client.describe_table().table_name(variable("ROOST_TABLE")?).send().await?;
    let model = model.table.context("the platform has no table")?;
    let indexes = model.global_secondary_indexes.unwrap_or_default().into_iter().map(|index| {
        GlobalSecondaryIndex::builder()
            .set_index_name(index.index_name)
            .set_key_schema(index.key_schema)
            .set_projection(index.projection)
            .build()
    });
    client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(model.attribute_definitions)
        .set_key_schema(model.key_schema)
        .set_global_secondary_indexes(Some(indexes.collect::<Result<_, _>>()?))
        .send()
        .await?;
    Ok(())
}
