//! Why a step of a release's life failed.

use roost_aws::ServiceFailure;
use roost_aws::bus::BusError;
use roost_aws::objects::{KeyError, ObjectError};
use roost_aws::table::TableError;
use roost_cluster::ClusterError;
use roost_cluster::app::CommitError;
use roost_cluster::build::BuildSettingsError;
use roost_domain::build::NonceError;
use roost_domain::fault::{Classified, Fault};
use roost_domain::manifest::RenderingError;
use roost_domain::naming::{ProjectName, TenantId};
use roost_domain::release::{ReleaseNumber, ReleaseNumberError};
use roost_registry::client::RegistryError;
use roost_registry::pull_credential::PullKeyError;
use roost_registry::token::TokenError;
use roost_runtime::{ClustersError, EnvelopeError};

use crate::RegistriesError;

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
pub enum StepFailure {
    /// The message is no event.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The event does not say what events of its kind say.
    #[error("the event {kind} is unreadable: {source}")]
    Detail {
        /// Its kind.
        kind: String,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// The function has nothing to do with such events.
    #[error("this queue takes no event {0:?}")]
    Kind(String),
    /// The object's key names no owner.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Nobody of that id has signed up, or somebody who has left.
    #[error("there is no user {0}; nothing is built for strangers")]
    NoTenant(TenantId),
    /// The tenant is being made.
    #[error("the tenant {0} is not ready yet")]
    TenantNotReady(TenantId),
    /// An event is about a release that does not exist.
    #[error("{tenant} has no release {project} {release}")]
    NoRelease {
        /// Whose it would be.
        tenant: TenantId,
        /// Of which project.
        project: ProjectName,
        /// Its number.
        release: ReleaseNumber,
    },
    /// A stored document of ours is not in the form that this version writes.
    #[error("{what} is unreadable: {source}")]
    Stored {
        /// Which document.
        what: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// Something of ours that should be there is not.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A thread of our own ended early.
    #[error("the work was not finished: {0}")]
    Unfinished(#[from] tokio::task::JoinError),
    /// A record.
    #[error(transparent)]
    Table(#[from] TableError),
    /// An object in the bucket.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// An event of our own.
    #[error(transparent)]
    Bus(#[from] BusError),
    /// Another AWS service.
    #[error(transparent)]
    Service(#[from] ServiceFailure),
    /// The registered clusters.
    #[error(transparent)]
    Clusters(#[from] ClustersError),
    /// A call to a cluster.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// An app's next step.
    #[error(transparent)]
    App(#[from] CommitError),
    /// The registered registries.
    #[error(transparent)]
    Registries(#[from] RegistriesError),
    /// A call to a registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// What a cluster's operator decides about builds.
    #[error(transparent)]
    BuildSettings(#[from] BuildSettingsError),
    /// An archive, on the way from the bucket.
    #[error("unable to read the archive: {0}")]
    Archive(String),
    /// A nonce.
    #[error(transparent)]
    Nonce(#[from] NonceError),
    /// A release's objects.
    #[error(transparent)]
    Rendering(#[from] RenderingError),
    /// The name of a release in an event.
    #[error(transparent)]
    ReleaseNumber(#[from] ReleaseNumberError),
    /// Somebody wants to go back to a release that never ran.
    #[error("{0} was never live; go back to a release that was")]
    NeverLive(String),
    /// A token for a registry.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// A tenant's credential for a registry.
    #[error(transparent)]
    PullKey(#[from] PullKeyError),
}

impl StepFailure {
    /// Whether another run wrote the same record meanwhile.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Table(TableError::Conflict))
    }
}

impl Classified for StepFailure {
    fn fault(&self) -> Fault {
        match self {
            Self::Envelope(_)
            | Self::Detail { .. }
            | Self::Kind(_)
            | Self::Key(_)
            | Self::NoTenant(_)
            | Self::NoRelease { .. }
            | Self::NeverLive(_)
            | Self::ReleaseNumber(_) => Fault::Users,
            Self::TenantNotReady(_) | Self::Archive(_) => Fault::Passing,
            Self::Stored { .. }
            | Self::Missing(_)
            | Self::Unfinished(_)
            | Self::PullKey(_)
            | Self::Nonce(_)
            | Self::Rendering(_) => Fault::Ours,
            Self::BuildSettings(error) => error.fault(),
            Self::Table(error) => error.fault(),
            Self::Object(error) => error.fault(),
            Self::Bus(error) => error.fault(),
            Self::Service(error) => error.fault(),
            Self::Clusters(error) => error.fault(),
            Self::Cluster(error) => error.fault(),
            Self::App(error) => error.fault(),
            Self::Registries(error) => error.fault(),
            Self::Registry(error) => error.fault(),
            Self::Token(error) => error.fault(),
        }
    }
}
