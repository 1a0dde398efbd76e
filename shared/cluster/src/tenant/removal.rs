//! The end of a tenant in its cluster: rights first, then the namespace, then what would outlive it.

use futures::try_join;
use k8s_openapi::api::core::v1::{Namespace, PersistentVolume, PersistentVolumeClaim, ServiceAccount};
use k8s_openapi::api::rbac::v1::RoleBinding;
use kube::Api;
use kube::api::{DeleteParams, ListParams, Preconditions};
use roost_domain::label::TENANT;

use super::access::ROLE;
use super::{OWNER_ACCOUNT, TenantSpace};
use crate::ClusterError;
use crate::error::{found, has_code};

/// Conditions by which Kubernetes says why a namespace does not go.
const HINDRANCES: &[&str] = &[
    "NamespaceDeletionDiscoveryFailure",
    "NamespaceDeletionGroupVersionParsingFailure",
    "NamespaceDeletionContentFailure",
    "NamespaceContentRemaining",
    "NamespaceFinalizersRemaining",
];

/// How a tenant's namespace stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamespaceState {
    /// There is none that is the tenant's.
    Gone,
    /// It is there.
    Present {
        /// Its uid.
        uid: String,
    },
    /// It is going; with what Kubernetes says is still in the way.
    Terminating {
        /// In Kubernetes' words, empty if it names nothing.
        hindrances: String,
    },
}

impl TenantSpace {
    /// Takes the owner's rights and identity, and the token's anchor if it has one: within a second nothing is
    /// allowed any more, and within about ten, the API server's memory for tokens, nobody is known.
    pub async fn revoke_access(&self, credential: Option<u32>) -> Result<(), ClusterError> {
        let bindings: Api<RoleBinding> = Api::namespaced(self.client.clone(), &self.namespace);
        let accounts: Api<ServiceAccount> = Api::namespaced(self.client.clone(), &self.namespace);
        let now = DeleteParams::default();
        let binding = async { found(bindings.delete(ROLE, &now).await) };
        let account = async { found(accounts.delete(OWNER_ACCOUNT, &now).await) };
        try_join!(binding, account).map_err(ClusterError::during("take the owner's rights"))?;
        match credential {
            Some(number) if number > 1 => self.revoke_token(number).await,
            _ => Ok(()),
        }
    }

    /// The volumes bound in the namespace, some of which stay when it goes.
    pub async fn bound_volumes(&self) -> Result<Vec<String>, ClusterError> {
        let claims: Api<PersistentVolumeClaim> = Api::namespaced(self.client.clone(), &self.namespace);
        let claims = claims.list(&ListParams::default()).await.map_err(ClusterError::during("list the volumes"))?;
        Ok(claims.items.into_iter().filter_map(|claim| claim.spec?.volume_name).collect())
    }

    /// How the namespace stands.
    pub async fn namespace_state(&self) -> Result<NamespaceState, ClusterError> {
        let there = found(self.namespaces().get(&self.namespace).await);
        let there = there.map_err(ClusterError::during("look for the namespace"))?;
        Ok(there.filter(|namespace| self.owns(namespace)).map_or(NamespaceState::Gone, |namespace| state(&namespace)))
    }

    /// Deletes the namespace of that uid, and no later one of the same name.
    pub async fn delete_namespace(&self, uid: &str) -> Result<(), ClusterError> {
        let only = Preconditions { uid: Some(uid.to_owned()), ..Preconditions::default() };
        let parameters = DeleteParams { preconditions: Some(only), ..DeleteParams::background() };
        match self.namespaces().delete(&self.namespace, &parameters).await {
            // 409: it has another uid, so the one meant is gone, or it is being deleted already.
            Err(error) if !has_code(&error, 404) && !has_code(&error, 409) => {
                Err(ClusterError::during("delete the namespace")(error))
            }
            _ => Ok(()),
        }
    }

    /// Deletes a volume that outlived the namespace, as the reclaim policy Retain makes it.
    pub async fn release_volume(&self, name: &str) -> Result<(), ClusterError> {
        let volumes: Api<PersistentVolume> = Api::all(self.client.clone());
        let there = found(volumes.get(name).await).map_err(ClusterError::during("look for a volume"))?;
        let claim = there.and_then(|volume| volume.spec?.claim_ref?.namespace);
        if claim.as_deref() != Some(&self.namespace) {
            return Ok(());
        }
        let deleted = found(volumes.delete(name, &DeleteParams::default()).await);
        deleted.map(|_| ()).map_err(ClusterError::during("delete a volume"))
    }

    fn owns(&self, namespace: &Namespace) -> bool {
        let owner = namespace.metadata.labels.as_ref().and_then(|labels| labels.get(TENANT));
        owner.map(String::as_str) == Some(self.tenant.as_str())
    }
}

fn state(namespace: &Namespace) -> NamespaceState {
    if namespace.metadata.deletion_timestamp.is_none() {
        return NamespaceState::Present { uid: namespace.metadata.uid.clone().unwrap_or_default() };
    }
    let conditions = namespace.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let hindering =
        conditions.filter(|condition| condition.status == "True" && HINDRANCES.contains(&condition.type_.as_str()));
    let words = hindering.map(|condition| condition.message.clone().unwrap_or_else(|| condition.type_.clone()));
    NamespaceState::Terminating { hindrances: words.collect::<Vec<_>>().join("; ") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_stuck_namespace_says_what_is_in_the_way() {
        let stuck: Namespace = serde_json::from_value(json!({
            "metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"},
            "status": {"conditions": [
                {"type": "NamespaceFinalizersRemaining", "status": "True", "message": "example.com/hold in 1 resource instances"},
                {"type": "NamespaceContentRemaining", "status": "False", "message": "all gone"},
            ]},
        }))
        .unwrap();
        let hindrances = "example.com/hold in 1 resource instances".to_owned();
        assert_eq!(state(&stuck), NamespaceState::Terminating { hindrances });
    }
}
