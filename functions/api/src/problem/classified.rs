//! What goes wrong behind the API: told apart by whose fault it is, and nothing more of it is shown.

use roost_aws::ServiceFailure;
use roost_aws::bus::BusError;
use roost_aws::objects::ObjectError;
use roost_aws::table::TableError;
use roost_aws::vault::VaultError;
use roost_cluster::ClusterError;
use roost_cluster::app::CommitError;
use roost_domain::fault::{Classified, Fault};
use roost_identity::KeysError;
use roost_runtime::ClustersError;
use tracing::{error, warn};

use super::{Kind, Problem};

impl Problem {
    /// What a failure behind the API comes to. Its own words may name what is nobody's business.
    pub(crate) fn of(failure: &impl Classified) -> Self {
        match failure.fault() {
            Fault::Passing => {
                warn!(error = %failure, "a request was not carried out");
                let detail =
                    "Something that is needed for this does not answer at the moment, or was changed meanwhile.";
                Self::new(Kind::Passing, detail, "Ask again in a few seconds.")
            }
            Fault::Users | Fault::Ours => {
                error!(error = %failure, "a request failed");
                Self::internal()
            }
        }
    }

    /// The fault is the platform's.
    pub(crate) fn internal() -> Self {
        let remedy = "Ask again; if it happens again, tell the platform's operator when it was.";
        Self::new(Kind::Internal, "The fault is the platform's, not yours.", remedy)
    }
}

macro_rules! classified {
    ($($error:ty),+ $(,)?) => {
        $(impl From<$error> for Problem {
            fn from(error: $error) -> Self {
                Self::of(&error)
            }
        })+
    };
}

classified! {
    BusError, ClusterError, ClustersError, CommitError, KeysError, ObjectError, ServiceFailure, TableError, VaultError,
}
