//! The owner's identity and rights; workloads run as another identity, which has none.

use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::api::rbac::v1::{RoleBinding, RoleRef, Subject};

use super::{OWNER_ACCOUNT, TenantSpace};

/// The ClusterRole in infra/cluster that spells out what a tenant's owner may do in the tenant's namespace. It is
/// bound by name: one place to change for all tenants, and no rights that an aggregated role would pick up.
pub(super) const ROLE: &str = "roost-tenant";

impl TenantSpace {
    pub(super) fn owner_account(&self) -> ServiceAccount {
        self.account(OWNER_ACCOUNT)
    }

    /// The one Kubernetes makes by itself; all it gets from Roost is that no pod finds its token mounted.
    pub(super) fn workload_account(&self) -> ServiceAccount {
        self.account("default")
    }

    pub(super) fn owner_binding(&self) -> RoleBinding {
        let group = "rbac.authorization.k8s.io".to_owned();
        RoleBinding {
            metadata: self.metadata(ROLE),
            role_ref: RoleRef { api_group: group, kind: "ClusterRole".to_owned(), name: ROLE.to_owned() },
            subjects: Some(vec![Subject {
                kind: "ServiceAccount".to_owned(),
                name: OWNER_ACCOUNT.to_owned(),
                namespace: Some(self.namespace.clone()),
                ..Subject::default()
            }]),
        }
    }

    fn account(&self, name: &str) -> ServiceAccount {
        ServiceAccount {
            metadata: self.metadata(name),
            automount_service_account_token: Some(false),
            ..ServiceAccount::default()
        }
    }
}
