//! All routes of a cluster that lead to apps.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kube::api::ListParams;
use kube::core::{ApiResource, DynamicObject, GroupVersionKind, PartialObjectMeta};
use kube::{Api, Client, ResourceExt};
use roost_domain::label::{MANAGED_BY, PROJECT};

use super::opened;
use crate::ClusterError;

/// The API server answers lists in pieces of so many.
const PAGE: u32 = 500;

/// Since when each app's route leads to it, by namespace and project.
#[derive(Debug, Default)]
pub struct OpenRoutes(BTreeMap<(String, String), Timestamp>);

/// Lists the routes of all apps of a cluster that lead to them.
pub async fn open_routes(client: &Client) -> Result<OpenRoutes, ClusterError> {
    let kind = GroupVersionKind::gvk("gateway.networking.k8s.io", "v1", "HTTPRoute");
    let all: Api<DynamicObject> = Api::all_with(client.clone(), &ApiResource::from_gvk(&kind));
    let mut parameters = ListParams::default().labels(&format!("{MANAGED_BY}=roost,{PROJECT}")).limit(PAGE);
    let mut open = BTreeMap::new();
    loop {
        let page = all.list_metadata(&parameters).await.map_err(ClusterError::during("list the routes"))?;
        open.extend(page.items.iter().filter_map(entry));
        match page.metadata.continue_.filter(|token| !token.is_empty()) {
            Some(token) => parameters = parameters.continue_token(&token),
            None => return Ok(OpenRoutes(open)),
        }
    }
}

fn entry(route: &PartialObjectMeta<DynamicObject>) -> Option<((String, String), Timestamp)> {
    Some(((route.namespace()?, route.labels().get(PROJECT)?.clone()), opened(route)?))
}

impl OpenRoutes {
    /// Since when an app's route leads to it.
    #[must_use]
    pub fn of(&self, namespace: &str, project: &str) -> Option<Timestamp> {
        self.0.get(&(namespace.to_owned(), project.to_owned())).copied()
    }
}
