//! From a host to its app: whose the address is stands in the table, and what has become of the app in its cluster.

use roost_aws::table::TableError;
use roost_cluster::ClusterError;
use roost_cluster::app::{App, Apps, CommitError};
use roost_domain::address::Address;
use roost_domain::tenant::TenantState;
use roost_domain::visit::HostName;
use roost_runtime::{ClustersError, Foundation};

/// Where apps are.
#[derive(Clone)]
pub(crate) struct Places {
    base: Foundation,
    base_domain: String,
}

/// An app that somebody asks for.
pub(crate) struct Place {
    /// The app as it is at this moment.
    pub(crate) app: App,
    /// The apps of its cluster.
    pub(crate) apps: Apps,
}

/// Why nothing can be said about an app.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlaceError {
    /// The table does not answer.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The cluster is not to be reached.
    #[error(transparent)]
    Clusters(#[from] ClustersError),
    /// It did not do as it was asked.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// A step was not taken.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl Places {
    pub(crate) fn new(base: Foundation, base_domain: String) -> Self {
        Self { base, base_domain }
    }

    /// The app that a host leads to. Whoever asks for a host that nobody has costs one read of the table.
    pub(crate) async fn find(&self, host: &HostName) -> Result<Option<Place>, PlaceError> {
        let words = host.as_str().strip_suffix(&self.base_domain).and_then(|words| words.strip_suffix('.'));
        let Some(address) = words.and_then(|words| Address::parse(words).ok()) else { return Ok(None) };
        let Some((tenant, project)) = self.base.table.project_at(&address).await? else { return Ok(None) };
        let state = self.base.table.tenant(&tenant).await?.map(|tenant| tenant.state);
        let Some(TenantState::Ready { home } | TenantState::Provisioning { home, .. }) = state else { return Ok(None) };
        let apps = Apps::new(self.base.clusters.client(&home.cluster).await?);
        let app = apps.get(&home.slug.namespace(), project.as_str()).await?;
        Ok(app.map(|app| Place { app, apps }))
    }
}
