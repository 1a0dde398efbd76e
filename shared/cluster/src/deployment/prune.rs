//! What earlier releases of a project had and this one has not goes.

use futures::future::try_join_all;
use kube::ResourceExt;
use kube::api::{DeleteParams, Preconditions};
use kube::core::{ApiResource, DynamicObject, PartialObjectMeta, Request, Resource};
use roost_domain::manifest::pruned_kinds;
use serde_json::Value;

use super::Deployment;
use super::kinds::resource;
use super::names::names_of;
use crate::ClusterError;
use crate::error::{found, has_code};

impl Deployment {
    /// Deletes all of the project's objects except these. Claims and their volumes stay: what an app remembers is
    /// never deleted by an upload.
    pub async fn prune(&self, kept: &[Value]) -> Result<(), ClusterError> {
        let kinds = pruned_kinds().map(|(api_version, kind)| self.prune_kind(resource(api_version, kind), kept));
        try_join_all(kinds).await.map(drop).map_err(ClusterError::during("remove what a release has no more"))
    }

    async fn prune_kind(&self, kind: ApiResource, kept: &[Value]) -> Result<(), kube::Error> {
        let kept = names_of(kept, &kind.kind);
        let objects = self.list(&kind, &self.label_selector()).await?;
        // What controllers make by themselves goes with what it was made for.
        let obsolete = objects
            .iter()
            .filter(|object| object.owner_references().is_empty() && !kept.contains(object.name_any().as_str()));
        try_join_all(obsolete.map(|object| self.delete(&kind, object))).await.map(drop)
    }

    async fn delete(&self, kind: &ApiResource, object: &PartialObjectMeta) -> Result<(), kube::Error> {
        // One that was made anew meanwhile is another object.
        let preconditions = Preconditions { uid: object.uid(), resource_version: None };
        self.delete_as(kind, &object.name_any(), DeleteParams::background().preconditions(preconditions)).await
    }

    /// Deletes an object of that name, whichever it is.
    pub(super) async fn delete_named(&self, kind: &ApiResource, name: &str) -> Result<(), kube::Error> {
        self.delete_as(kind, name, DeleteParams::background()).await
    }

    async fn delete_as(&self, kind: &ApiResource, name: &str, parameters: DeleteParams) -> Result<(), kube::Error> {
        let place = Request::new(DynamicObject::url_path(kind, Some(&self.namespace)));
        let request = place.delete(name, &parameters).map_err(kube::Error::BuildRequest)?;
        match found(self.call::<Value>(request).await) {
            Err(error) if has_code(&error, 409) => Ok(()),
            deleted => deleted.map(drop),
        }
    }
}
