//! The addresses of an app's pods follow the cluster, for as long as somebody asks for the app.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::join_all;
use futures::{StreamExt, join, pin_mut};
use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::discovery::v1::EndpointSlice;
use kube::runtime::WatchStreamExt;
use kube::runtime::watcher::{Config, Event, watcher};
use kube::{Api, Client, ResourceExt};

use super::Session;
use super::endpoints::{Endpoints, PortNames, SERVICE_NAME, port_names};

/// Follows the slices of all Services that routes lead to.
pub(super) async fn follow(client: Client, session: Arc<Session>) {
    let services = services(&session);
    let slices: Api<EndpointSlice> = Api::namespaced(client.clone(), session.id.namespace());
    let selector = format!("{SERVICE_NAME} in ({})", services.join(","));
    let events = watcher(slices, Config::default().labels(&selector)).default_backoff();
    pin_mut!(events);
    // Both are on their way at once.
    let (names, mut event) = join!(names(&client, session.id.namespace(), &services), events.next());
    let mut known = BTreeMap::new();
    while let Some(latest) = event {
        match latest {
            Ok(latest) => {
                if take_in(latest, &mut known) {
                    let slices: Vec<_> = known.values().collect();
                    session.endpoints.send_replace(Endpoints::of(&session.routes, &names, &slices));
                }
            }
            Err(error) => tracing::warn!(app = %session.id, %error, "the watch on endpoints is interrupted"),
        }
        event = events.next().await;
    }
}

fn services(session: &Session) -> Vec<String> {
    let mut services: Vec<_> = session.routes.iter().map(|route| route.service.clone()).collect();
    services.sort_unstable();
    services.dedup();
    services
}

/// A Service that cannot be read has the names of one with a single port.
async fn names(client: &Client, namespace: &str, services: &[String]) -> PortNames {
    let api: Api<Service> = Api::namespaced(client.clone(), namespace);
    let read = join_all(services.iter().map(|service| api.get(service))).await;
    read.into_iter().flatten().flat_map(|service| port_names(&service)).collect()
}

/// Answers whether all is known that there is.
fn take_in(event: Event<EndpointSlice>, known: &mut BTreeMap<String, EndpointSlice>) -> bool {
    match event {
        Event::Init => known.clear(),
        Event::InitApply(slice) => drop(known.insert(slice.name_any(), slice)),
        Event::Apply(slice) => {
            known.insert(slice.name_any(), slice);
            return true;
        }
        Event::Delete(slice) => {
            known.remove(&slice.name_any());
            return true;
        }
        Event::InitDone => return true,
    }
    false
}
