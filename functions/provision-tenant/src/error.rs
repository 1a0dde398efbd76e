//! Why an event's work failed.

use roost_aws::objects::ObjectError;
use roost_aws::table::TableError;
use roost_aws::vault::VaultError;
use roost_cluster::ClusterError;
use roost_cluster::tenant::NamespaceClaimError;
use roost_domain::fault::{Classified, Fault};
use roost_domain::plan::PlanNameError;
use roost_domain::tenant::UserEventError;
use roost_runtime::{ClustersError, EnvelopeError};

/// Why an event's work failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UserEventFailure {
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    #[error(transparent)]
    Event(#[from] UserEventError),
    #[error(transparent)]
    Plan(#[from] PlanNameError),
    #[error("no cluster takes tenants; register another one, or raise a capacity")]
    NoRoom,
    #[error(transparent)]
    Table(#[from] TableError),
    #[error(transparent)]
    Clusters(#[from] ClustersError),
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error(transparent)]
    Namespace(#[from] NamespaceClaimError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Objects(#[from] ObjectError),
}

impl UserEventFailure {
    /// Whether another run wrote the tenant's record meanwhile.
    pub(crate) fn is_conflict(&self) -> bool {
        matches!(self, Self::Table(TableError::Conflict))
    }

    /// Whether the tenant's cluster did not answer.
    pub(crate) fn is_silence(&self) -> bool {
        match self {
            Self::Cluster(error) | Self::Namespace(NamespaceClaimError::Cluster(error)) => error.is_unreachable(),
            _ => false,
        }
    }
}

impl Classified for UserEventFailure {
    fn fault(&self) -> Fault {
        match self {
            Self::Envelope(_) | Self::Plan(_) => Fault::Users,
            Self::Event(error) => error.fault(),
            Self::NoRoom => Fault::Passing,
            Self::Table(error) => error.fault(),
            Self::Clusters(error) => error.fault(),
            Self::Cluster(error) => error.fault(),
            Self::Namespace(error) => error.fault(),
            Self::Vault(error) => error.fault(),
            Self::Objects(error) => error.fault(),
        }
    }
}
