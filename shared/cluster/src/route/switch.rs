//! Switching a route on and off only while that is wanted. The API server creates and deletes no object on a condition
//! that lies in another one, but it changes one only in the form in which it was read. So the route is looked at first
//! (or made, leading nowhere); then it is asked whether the switch is still wanted; then that very form is changed.
//! Whoever makes the switch unwanted and afterwards switches the other way either does so in between, and nothing
//! happens here, or later, and has the last word.

use std::future::Future;

use kube::ResourceExt;
use kube::api::{DeleteParams, Patch, PatchParams, PostParams, Preconditions};
use kube::core::DynamicObject;
use roost_domain::label::EPOCH;
use roost_domain::manifest::Route;
use serde_json::{Value, json};

use super::ProjectRoute;
use crate::error::{found, has_code};
use crate::{ClusterError, FIELD_MANAGER};

/// How often it is begun anew after somebody else changed the route.
const TRIES: usize = 5;

/// What became of a switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switching {
    /// It is as it was asked for.
    Done,
    /// It is not wanted any more, and nothing was changed.
    Unwanted,
}

impl ProjectRoute {
    /// Leads host and paths to the app, noting the epoch, unless `is_wanted` says no.
    pub async fn open<F, Fut>(
        &self,
        (host, routes): (&str, &[Route]),
        epoch: u64,
        is_wanted: F,
    ) -> Result<Switching, ClusterError>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<bool, ClusterError>>,
    {
        let during = ClusterError::during("open the route");
        let mut object = self.object(host, routes);
        // A new epoch is a new form: nobody closes it who saw an earlier one.
        object["metadata"]["annotations"][EPOCH] = json!(epoch.to_string());
        let mut last = None;
        for _ in 0..TRIES {
            let Some(seen) = self.see_or_make(host).await? else { continue };
            if !is_wanted().await? {
                return Ok(Switching::Unwanted);
            }
            match self.change(&seen, object.clone()).await {
                Ok(()) => return Ok(Switching::Done),
                Err(error) if is_another_form(&error) => last = Some(error),
                Err(error) => return Err(during(error)),
            }
        }
        last.map_or(Ok(Switching::Unwanted), |error| Err(during(error)))
    }

    /// Takes the route away, unless `is_wanted` says no.
    pub async fn close<F, Fut>(&self, is_wanted: F) -> Result<Switching, ClusterError>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<bool, ClusterError>>,
    {
        let during = ClusterError::during("close the route");
        let mut last = None;
        for _ in 0..TRIES {
            let Some(seen) = self.see().await? else { return Ok(Switching::Done) };
            if !is_wanted().await? {
                return Ok(Switching::Unwanted);
            }
            match self.remove(&seen).await {
                Ok(()) => return Ok(Switching::Done),
                Err(error) if is_another_form(&error) => last = Some(error),
                Err(error) => return Err(during(error)),
            }
        }
        last.map_or(Ok(Switching::Unwanted), |error| Err(during(error)))
    }

    async fn see(&self) -> Result<Option<DynamicObject>, ClusterError> {
        found(self.api().get(&self.name()).await).map_err(ClusterError::during("see the route"))
    }

    /// The route as it is, made if need be; `None` if somebody else makes it just now.
    async fn see_or_make(&self, host: &str) -> Result<Option<DynamicObject>, ClusterError> {
        if let Some(there) = self.see().await? {
            return Ok(Some(there));
        }
        let during = ClusterError::during("make the route");
        let inert = serde_json::from_value(self.inert_object(host)).map_err(kube::Error::SerdeError);
        let parameters = PostParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PostParams::default() };
        match self.api().create(&parameters, &inert.map_err(during)?).await {
            Ok(made) => Ok(Some(made)),
            Err(error) if has_code(&error, 409) => Ok(None),
            Err(error) => Err(during(error)),
        }
    }

    async fn change(&self, seen: &DynamicObject, mut object: Value) -> Result<(), kube::Error> {
        // With the uid, what is gone is not made anew.
        object["metadata"]["uid"] = json!(seen.uid());
        object["metadata"]["resourceVersion"] = json!(seen.resource_version());
        let parameters = PatchParams::apply(FIELD_MANAGER).force();
        self.api().patch(&self.name(), &parameters, &Patch::Apply(&object)).await.map(drop)
    }

    async fn remove(&self, seen: &DynamicObject) -> Result<(), kube::Error> {
        let preconditions = Some(Preconditions { resource_version: seen.resource_version(), uid: seen.uid() });
        let parameters = DeleteParams { preconditions, ..DeleteParams::background() };
        self.api().delete(&self.name(), &parameters).await.map(drop)
    }
}

fn is_another_form(error: &kube::Error) -> bool {
    has_code(error, 409) || has_code(error, 404)
}
