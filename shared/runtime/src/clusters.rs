//! The registered clusters: which there are, and one client for each, made once.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use aws_credential_types::provider::SharedCredentialsProvider;
use jiff::Timestamp;
use kube::Client;
use roost_aws::ServiceFailure;
use roost_aws::secrets::PlatformSecrets;
use roost_aws::table::{ClusterRecord, Table, TableError};
use roost_cluster::connection::{Connection, ConnectionError, EksCluster};
use roost_domain::cluster::ConnectionSource;
use roost_domain::fault::{Classified, Fault};
use roost_domain::naming::ClusterName;
use secrecy::ExposeSecret;

/// How old the list of clusters may be. A stale one is harmless: the claim of a place checks again.
const LIST_AGE: Duration = Duration::from_secs(30);
/// How old a client may be: a cluster's secret can be replaced at any time.
const CLIENT_AGE: Duration = Duration::from_mins(2);

/// The registered clusters.
#[derive(Clone)]
pub struct Clusters {
    table: Table,
    secrets: PlatformSecrets,
    aws: SharedCredentialsProvider,
    listed: Arc<RwLock<Option<Listed>>>,
    clients: Arc<RwLock<HashMap<ClusterName, OpenClient>>>,
}

#[derive(Clone)]
struct Listed {
    at: Instant,
    list: Arc<Vec<ClusterRecord>>,
}

#[derive(Clone)]
struct OpenClient {
    client: Client,
    opened: Instant,
    valid_until: Option<Timestamp>,
}

/// Why a cluster cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ClustersError {
    /// None is registered by that name.
    #[error("there is no cluster {0}; register it again")]
    Unknown(ClusterName),
    /// The list could not be read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The cluster's secret could not be read.
    #[error(transparent)]
    Secret(#[from] ServiceFailure),
    /// There is no connection.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
}

impl Classified for ClustersError {
    fn fault(&self) -> Fault {
        match self {
            Self::Table(error) => error.fault(),
            Self::Secret(failure) => failure.fault(),
            Self::Unknown(_) | Self::Connection(_) => Fault::Ours,
        }
    }
}

impl OpenClient {
    fn is_good(&self) -> bool {
        self.opened.elapsed() < CLIENT_AGE && self.valid_until.is_none_or(|until| Timestamp::now() < until)
    }
}

impl Clusters {
    /// The clusters registered in `table`.
    #[must_use]
    pub fn new(table: Table, secrets: PlatformSecrets, aws: SharedCredentialsProvider) -> Self {
        Self { table, secrets, aws, listed: Arc::default(), clients: Arc::default() }
    }

    /// All of them, at most half a minute old.
    pub async fn list(&self) -> Result<Arc<Vec<ClusterRecord>>, ClustersError> {
        let kept = self.listed.read().ok().and_then(|listed| listed.clone());
        if let Some(kept) = kept.filter(|kept| kept.at.elapsed() < LIST_AGE) {
            return Ok(kept.list);
        }
        self.list_afresh().await
    }

    /// All of them, as they are now.
    pub async fn list_afresh(&self) -> Result<Arc<Vec<ClusterRecord>>, ClustersError> {
        let list = Arc::new(self.table.clusters().await?);
        if let Ok(mut listed) = self.listed.write() {
            *listed = Some(Listed { at: Instant::now(), list: Arc::clone(&list) });
        }
        Ok(list)
    }

    /// A client for the cluster of that name.
    pub async fn client(&self, name: &ClusterName) -> Result<Client, ClustersError> {
        let open = self.clients.read().ok().and_then(|clients| clients.get(name).cloned());
        if let Some(open) = open.filter(OpenClient::is_good) {
            return Ok(open.client);
        }
        let (client, valid_until) = self.connection(name).await?.connect(&self.aws).await?;
        let open = OpenClient { client: client.clone(), opened: Instant::now(), valid_until };
        if let Ok(mut clients) = self.clients.write() {
            clients.insert(name.clone(), open);
        }
        Ok(client)
    }

    /// How the cluster of that name is reached.
    pub async fn connection(&self, name: &ClusterName) -> Result<Connection, ClustersError> {
        match self.record(name).await?.connection {
            ConnectionSource::Secret { secret_id } => {
                let secret = self.secrets.read(&secret_id).await?;
                Ok(Connection::from_secret(secret.expose_secret())?)
            }
            ConnectionSource::Eks { cluster_name, region, endpoint, ca } => {
                Ok(Connection::Eks(EksCluster { name: cluster_name, region, endpoint, ca }))
            }
        }
    }

    /// The cluster of that name, even if it was registered a moment ago.
    async fn record(&self, name: &ClusterName) -> Result<ClusterRecord, ClustersError> {
        let find = |list: &[ClusterRecord]| list.iter().find(|record| record.name == *name).cloned();
        if let Some(record) = find(&self.list().await?) {
            return Ok(record);
        }
        find(&self.list_afresh().await?).ok_or_else(|| ClustersError::Unknown(name.clone()))
    }
}
