//! Why an app, or a whole cluster, could not be looked after.

use roost_cluster::ClusterError;
use roost_cluster::app::CommitError;
use roost_domain::fault::{Classified, Fault};
use roost_runtime::ClustersError;

/// Why a sweep, or a part of it, came to nothing. The next one makes up for it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SweepFailure {
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

impl Classified for SweepFailure {
    fn fault(&self) -> Fault {
        match self {
            Self::Clusters(error) => error.fault(),
            Self::Cluster(error) => error.fault(),
            Self::Commit(error) => error.fault(),
        }
    }
}
