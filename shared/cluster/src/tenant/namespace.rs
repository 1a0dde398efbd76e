//! The namespace: created, never taken over.

use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Api;
use kube::api::{Patch, PatchParams, PostParams};
use roost_domain::fault::{Classified, Fault};
use roost_domain::label::TENANT;

use super::TenantSpace;
use crate::error::has_code;
use crate::{ClusterError, FIELD_MANAGER};

/// The version of the pod security standard that is enforced: a cluster's upgrade must not change what runs.
const POD_SECURITY_VERSION: &str = "v1.33";

/// A namespace that is the tenant's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamespaceClaim {
    /// Its uid, by which it is later removed.
    pub uid: String,
}

/// Why the namespace is not the tenant's.
#[derive(Debug, thiserror::Error)]
pub enum NamespaceClaimError {
    /// One of that name is on its way out.
    #[error("the namespace {0} is still being removed")]
    Terminating(String),
    /// One of that name was made by somebody else.
    #[error("the namespace {0} belongs to somebody else; remove it, or give the user another name")]
    Foreign(String),
    /// The API server did not carry the call out.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

impl Classified for NamespaceClaimError {
    fn fault(&self) -> Fault {
        match self {
            Self::Terminating(_) => Fault::Passing,
            Self::Foreign(_) => Fault::Ours,
            Self::Cluster(error) => error.fault(),
        }
    }
}

impl TenantSpace {
    /// Creates the namespace. To apply it instead would take over one that is somebody else's, or going.
    pub async fn claim_namespace(&self) -> Result<NamespaceClaim, NamespaceClaimError> {
        let action = "create the namespace";
        let parameters = PostParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PostParams::default() };
        match self.namespaces().create(&parameters, &self.namespace_object()).await {
            Ok(created) => Ok(claim(&created)),
            Err(error) if has_code(&error, 409) => self.recognise_namespace().await,
            Err(error) => Err(ClusterError::during(action)(error).into()),
        }
    }

    /// The namespace that is there already: an earlier run's, or somebody else's.
    async fn recognise_namespace(&self) -> Result<NamespaceClaim, NamespaceClaimError> {
        let there = self.namespaces().get(&self.namespace).await;
        let there = there.map_err(ClusterError::during("read the namespace"))?;
        if there.metadata.deletion_timestamp.is_some() {
            return Err(NamespaceClaimError::Terminating(self.namespace.clone()));
        }
        let owner = there.metadata.labels.as_ref().and_then(|labels| labels.get(TENANT));
        if owner.map(String::as_str) != Some(self.tenant.as_str()) {
            return Err(NamespaceClaimError::Foreign(self.namespace.clone()));
        }
        self.refresh_namespace().await
    }

    /// Brings the namespace's labels up to date.
    async fn refresh_namespace(&self) -> Result<NamespaceClaim, NamespaceClaimError> {
        let parameters = PatchParams::apply(FIELD_MANAGER).force();
        let patch = Patch::Apply(self.namespace_object());
        let applied = self.namespaces().patch(&self.namespace, &parameters, &patch).await;
        Ok(claim(&applied.map_err(ClusterError::during("label the namespace"))?))
    }

    pub(super) fn namespaces(&self) -> Api<Namespace> {
        Api::all(self.client.clone())
    }

    fn namespace_object(&self) -> Namespace {
        let mut labels = self.labels();
        for mode in ["enforce", "audit", "warn"] {
            labels.insert(format!("pod-security.kubernetes.io/{mode}"), "restricted".to_owned());
            labels.insert(format!("pod-security.kubernetes.io/{mode}-version"), POD_SECURITY_VERSION.to_owned());
        }
        let metadata = ObjectMeta { name: Some(self.namespace.clone()), labels: Some(labels), ..ObjectMeta::default() };
        Namespace { metadata, ..Namespace::default() }
    }
}

fn claim(namespace: &Namespace) -> NamespaceClaim {
    NamespaceClaim { uid: namespace.metadata.uid.clone().unwrap_or_default() }
}
