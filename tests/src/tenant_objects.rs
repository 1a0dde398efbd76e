//! What stands in a tenant's namespace, in a form that can be compared with another tenant's.

use anyhow::Result;
use k8s_openapi::api::core::v1::{LimitRange, Namespace, ResourceQuota, ServiceAccount};
use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::api::rbac::v1::RoleBinding;
use kube::Api;
use serde::Serialize;
use serde_json::{Value, json};

/// The objects that make a tenant, without names, uids and times that differ between tenants.
pub async fn tenant_objects(cluster: &kube::Client, namespace: &str) -> Result<Value> {
    let labels = Api::<Namespace>::all(cluster.clone()).get(namespace).await?.metadata.labels.unwrap_or_default();
    let security: Vec<_> = labels.into_iter().filter(|(name, _)| name.starts_with("pod-security")).collect();
    let quota = Api::<ResourceQuota>::namespaced(cluster.clone(), namespace).get("roost-quota").await?;
    let accounts: Api<ServiceAccount> = Api::namespaced(cluster.clone(), namespace);
    let automounts = [accounts.get("tenant").await?, accounts.get("default").await?]
        .map(|account| account.automount_service_account_token);
    let binding = Api::<RoleBinding>::namespaced(cluster.clone(), namespace).get("roost-tenant").await?;
    let objects = json!({
        "security": security,
        "quota": quota.spec,
        "limits": Api::<LimitRange>::namespaced(cluster.clone(), namespace).get("roost-limits").await?.spec,
        "fence": Api::<NetworkPolicy>::namespaced(cluster.clone(), namespace).get("roost-fence").await?.spec,
        "automounts": automounts,
        "role": binding.role_ref,
        "subjects": binding.subjects,
    });
    without(namespace, &objects)
}

fn without(namespace: &str, objects: &impl Serialize) -> Result<Value> {
    Ok(serde_json::from_str(&serde_json::to_string(objects)?.replace(namespace, "NAMESPACE"))?)
}
