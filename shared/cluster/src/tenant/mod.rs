//! What a tenant has in its cluster: a namespace, its limits, its fence, and the rights of its owner.

mod access;
mod apply;
mod credential;
mod fence;
mod limits;
mod namespace;
mod quota;
mod removal;
mod usage;

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::Client;
use roost_domain::label::{MANAGED_BY, TENANT};
use roost_domain::naming::{Slug, TenantId};

pub use credential::IssuedToken;
pub use namespace::{NamespaceClaim, NamespaceClaimError};
pub use removal::NamespaceState;
pub use usage::Amount;

/// The name of the owner's identity, of its binding and of the ClusterRole behind it.
pub const OWNER_ACCOUNT: &str = "tenant";

/// A tenant's place in its cluster.
#[derive(Clone)]
pub struct TenantSpace {
    client: Client,
    tenant: TenantId,
    namespace: String,
}

impl TenantSpace {
    /// The place of a tenant with that slug in the client's cluster.
    #[must_use]
    pub fn new(client: Client, tenant: TenantId, slug: &Slug) -> Self {
        Self { client, tenant, namespace: slug.namespace() }
    }

    /// The namespace's name.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    fn labels(&self) -> BTreeMap<String, String> {
        BTreeMap::from([(MANAGED_BY.to_owned(), "roost".to_owned()), (TENANT.to_owned(), self.tenant.to_string())])
    }

    fn metadata(&self, name: &str) -> ObjectMeta {
        ObjectMeta {
            name: Some(name.to_owned()),
            namespace: Some(self.namespace.clone()),
            labels: Some(self.labels()),
            ..ObjectMeta::default()
        }
    }
}
