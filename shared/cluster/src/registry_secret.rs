//! What the nodes pull a tenant's images with.

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{Patch, PatchParams};
use kube::{Api, Client};
use roost_domain::label::{MANAGED_BY, TENANT};
use roost_domain::naming::TenantId;

use crate::{ClusterError, FIELD_MANAGER};

/// The name that pods give in `imagePullSecrets`.
pub const NAME: &str = "roost-registry";
const KIND: &str = "kubernetes.io/dockerconfigjson";
const KEY: &str = ".dockerconfigjson";

/// Sets the Secret in a tenant's namespace.
pub async fn apply(
    client: Client,
    namespace: &str,
    tenant: &TenantId,
    docker_config: &str,
) -> Result<(), ClusterError> {
    let labels = [(MANAGED_BY.to_owned(), "roost".to_owned()), (TENANT.to_owned(), tenant.to_string())];
    let secret = Secret {
        metadata: ObjectMeta {
            name: Some(NAME.to_owned()),
            namespace: Some(namespace.to_owned()),
            labels: Some(labels.into()),
            ..ObjectMeta::default()
        },
        type_: Some(KIND.to_owned()),
        data: Some([(KEY.to_owned(), ByteString(docker_config.as_bytes().to_vec()))].into()),
        ..Secret::default()
    };
    let secrets: Api<Secret> = Api::namespaced(client, namespace);
    let parameters = PatchParams::apply(FIELD_MANAGER).force();
    let applied = secrets.patch(NAME, &parameters, &Patch::Apply(secret)).await;
    applied.map(drop).map_err(ClusterError::during("set the registry's credential"))
}
