//! A build's turn: everything it needs is made now, because credentials would expire in the queue.

use std::collections::BTreeMap;

use futures::try_join;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use kube::api::{Patch, PatchParams};
use roost_domain::build::BuildOrder;
use roost_domain::label::MANAGED_BY;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{BuildJob, BuildJobs, NAMESPACE};
use crate::error::has_code;
use crate::{ClusterError, FIELD_MANAGER};

/// What came of letting a build run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It runs.
    Admitted,
    /// Somebody deleted it in the meantime.
    Overtaken,
}

impl BuildJobs {
    /// Gives a build its order and the right to push, as a `config.json` of Docker, and lets it run. Two who admit the
    /// same build at once write two orders, of which the later one stays: they have to carry the same nonce.
    pub async fn admit(
        &self,
        job: &BuildJob,
        order: &BuildOrder,
        docker_config: &SecretString,
    ) -> Result<Admission, ClusterError> {
        let order = serde_json::to_vec(order).map_err(kube::Error::SerdeError);
        let order = order.map_err(ClusterError::during("write the order"))?;
        let order = secret(job, job.name.order_secret(), "order.json", order);
        let registry = docker_config.expose_secret().as_bytes().to_vec();
        let registry = secret(job, job.name.registry_secret(), "config.json", registry);
        try_join!(self.apply_secret(order), self.apply_secret(registry))?;
        self.resume(job).await
    }

    async fn apply_secret(&self, secret: Secret) -> Result<(), ClusterError> {
        let name = secret.metadata.name.clone().unwrap_or_default();
        let parameters = PatchParams::apply(FIELD_MANAGER).force();
        let applied = self.secrets().patch(&name, &parameters, &Patch::Apply(secret)).await;
        applied.map(drop).map_err(ClusterError::during("write the build's Secret"))
    }

    /// Whatever the cluster has noted in the Job's status meanwhile does not matter; another Job of that name does.
    async fn resume(&self, job: &BuildJob) -> Result<Admission, ClusterError> {
        let change = json!({"metadata": {"uid": job.uid}, "spec": {"suspend": false}});
        let parameters = PatchParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PatchParams::default() };
        match self.jobs().patch(job.name.as_str(), &parameters, &Patch::Merge(change)).await {
            Ok(_) => Ok(Admission::Admitted),
            Err(error) if has_code(&error, 409) || has_code(&error, 404) => Ok(Admission::Overtaken),
            Err(error) => Err(ClusterError::during("let the build run")(error)),
        }
    }
}

/// With the Job it goes.
fn secret(job: &BuildJob, name: String, file: &str, content: Vec<u8>) -> Secret {
    let owner = OwnerReference {
        api_version: "batch/v1".to_owned(),
        kind: "Job".to_owned(),
        name: job.name.to_string(),
        uid: job.uid.clone(),
        ..OwnerReference::default()
    };
    let metadata = ObjectMeta {
        name: Some(name),
        namespace: Some(NAMESPACE.to_owned()),
        labels: Some(BTreeMap::from([(MANAGED_BY.to_owned(), "roost".to_owned())])),
        owner_references: Some(vec![owner]),
        ..ObjectMeta::default()
    };
    let data = BTreeMap::from([(file.to_owned(), ByteString(content))]);
    Secret { metadata, data: Some(data), type_: Some("Opaque".to_owned()), ..Secret::default() }
}
