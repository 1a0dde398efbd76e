//! A tenant's projects share a namespace: none takes an object that another one has.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::try_join_all;
use kube::ResourceExt;
use kube::api::ListParams;
use kube::core::{ApiResource, ObjectList, PartialObjectMeta, Request};
use roost_domain::label::{MANAGED_BY, PROJECT};
use serde_json::Value;

use super::kinds::{name_of, resource_of};
use super::{Deployment, Refusal};
use crate::ClusterError;

impl Deployment {
    /// Refuses objects whose names other projects of the tenant have.
    pub(super) async fn taken_names(&self, objects: &[Value]) -> Result<Vec<Refusal>, ClusterError> {
        let kinds: BTreeMap<_, _> = objects.iter().map(resource_of).map(|kind| (kind.kind.clone(), kind)).collect();
        let others = try_join_all(kinds.values().map(|kind| self.objects_of_others(kind))).await?;
        let others: BTreeMap<_, _> = kinds.keys().zip(others).collect();
        let taken = objects.iter().filter_map(|object| {
            let (kind, name) = (resource_of(object).kind, name_of(object));
            let project = others.get(&kind)?.get(name)?;
            Some(Refusal::of_another_project(&format!("{kind} {name}"), project))
        });
        Ok(taken.collect())
    }

    async fn objects_of_others(&self, kind: &ApiResource) -> Result<BTreeMap<String, String>, ClusterError> {
        let selector = format!("{MANAGED_BY}=roost,{PROJECT},{PROJECT}!={}", self.project);
        let listed = self.list(kind, &selector).await.map_err(ClusterError::during("see what other projects have"))?;
        let named =
            listed.into_iter().filter_map(|object| Some((object.name_any(), object.labels().get(PROJECT)?.clone())));
        Ok(named.collect())
    }

    /// What is known of the objects of a kind that have such labels, without what is in them.
    pub(super) async fn list(&self, kind: &ApiResource, selector: &str) -> Result<Vec<PartialObjectMeta>, kube::Error> {
        let place = <kube::core::DynamicObject as kube::core::Resource>::url_path(kind, Some(&self.namespace));
        let parameters = ListParams::default().labels(selector);
        let request = Request::new(place).list_metadata(&parameters).map_err(kube::Error::BuildRequest)?;
        let listed: ObjectList<PartialObjectMeta> = self.call(request).await?;
        Ok(listed.items)
    }
}

/// The names of a release's objects of one kind.
pub(super) fn names_of<'a>(objects: &'a [Value], kind: &str) -> BTreeSet<&'a str> {
    objects.iter().filter(|object| resource_of(object).kind == kind).map(name_of).collect()
}
