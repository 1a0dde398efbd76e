//! What an app's owner wishes of its sleep. Releases leave it as it is: it has a writer of its own.

use jiff::Timestamp;
use kube::api::{Patch, PatchParams};
use kube::{Api, Resource};
use serde_json::{Value, json};

use super::{App, Apps};
use crate::ClusterError;
use crate::error::found;

/// Fields of one writer outlast what another one applies.
const WRITER: &str = "roost-owner";

impl Apps {
    /// Keeps an app awake until that time, or no longer. `None`: there is no such app.
    pub async fn keep_awake(
        &self,
        (namespace, name): (&str, &str),
        until: Option<Timestamp>,
    ) -> Result<Option<App>, ClusterError> {
        self.wish((namespace, name), json!({"keepAwakeUntil": until})).await
    }

    /// Has an app asleep as soon as nobody uses it, if it is awake as it was read; it is no longer kept awake.
    pub async fn want_asleep(&self, app: &App) -> Result<Option<App>, ClusterError> {
        let wish = json!({"sleepWantedInEpoch": app.standing().epoch, "keepAwakeUntil": null});
        self.wish((app.namespace(), app.name()), wish).await
    }

    async fn wish(&self, (namespace, name): (&str, &str), spec: Value) -> Result<Option<App>, ClusterError> {
        let apps: Api<App> = Api::namespaced(self.client.clone(), namespace);
        let parameters = PatchParams { field_manager: Some(WRITER.to_owned()), ..PatchParams::default() };
        let patch = json!({"apiVersion": App::api_version(&()), "kind": App::kind(&()), "spec": spec});
        let patched = apps.patch(name, &parameters, &Patch::Merge(&patch)).await;
        found(patched).map_err(ClusterError::during("note what the app's owner wishes"))
    }
}
