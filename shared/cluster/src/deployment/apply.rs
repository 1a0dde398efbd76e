//! Objects are set to what a release says, or tried out.

use futures::future::try_join_all;
use kube::api::{Patch, PatchParams, ValidationDirective};
use kube::core::{DynamicObject, Request, Resource};
use serde_json::Value;

use super::kinds::{name_of, resource_of};
use super::{Deployment, Refusal};
use crate::ClusterError;

/// Owns the fields that come from archives, apart from those the platform adds elsewhere.
const MANAGER: &str = "roost-deployer";
const ACTION: &str = "apply a release's object";

impl Deployment {
    /// What the API server would say to these objects; nothing is changed.
    pub async fn try_out(&self, objects: &[Value]) -> Result<Vec<Refusal>, ClusterError> {
        let taken = self.taken_names(objects).await?;
        if !taken.is_empty() {
            // What else is said of them is about the other project's.
            return Ok(taken);
        }
        let refused = try_join_all(objects.iter().map(|object| self.apply_one(object, true))).await?;
        Ok(refused.into_iter().flatten().collect())
    }

    /// Sets the objects to what they should be, kind after kind in the order they come. Once one is refused, those
    /// after its kind are left out.
    pub async fn apply(&self, objects: &[Value]) -> Result<Vec<Refusal>, ClusterError> {
        let taken = self.taken_names(objects).await?;
        if !taken.is_empty() {
            return Ok(taken);
        }
        for kind in objects.chunk_by(|one, other| one.get("kind") == other.get("kind")) {
            let refused = try_join_all(kind.iter().map(|object| self.apply_one(object, false))).await?;
            let refused: Vec<_> = refused.into_iter().flatten().collect();
            if !refused.is_empty() {
                return Ok(refused);
            }
        }
        Ok(Vec::new())
    }

    async fn apply_one(&self, object: &Value, only_try: bool) -> Result<Option<Refusal>, ClusterError> {
        let during = ClusterError::during(ACTION);
        let (resource, name) = (resource_of(object), name_of(object));
        let parameters = PatchParams {
            dry_run: only_try,
            force: true,
            field_manager: Some(MANAGER.to_owned()),
            field_validation: Some(ValidationDirective::Strict),
        };
        let place = Request::new(DynamicObject::url_path(&resource, Some(&self.namespace)));
        let request = place.patch(name, &parameters, &Patch::Apply(object));
        let request = request.map_err(|error| during(kube::Error::BuildRequest(error)))?;
        match self.call::<Value>(request).await {
            Ok(_) => Ok(None),
            Err(kube::Error::Api(status)) => match Refusal::of(&format!("{} {name}", resource.kind), &status) {
                Some(refusal) => Ok(Some(refusal)),
                None => Err(during(kube::Error::Api(status))),
            },
            Err(error) => Err(during(error)),
        }
    }
}
