//! When the gateway may lead to an app that is awake: until then requests pass through here.

use std::sync::Arc;
use std::time::Duration;

use roost_cluster::app::App;
use tokio::time::timeout;

use super::Session;
use super::driver::Driver;
use super::endpoints::Endpoints;

/// One Service without pods must not keep all others from their visitors.
const LIMIT: Duration = Duration::from_secs(10);

impl Driver {
    /// Leads the gateway to the app, soon. What fails is repaired by the sweep.
    pub(super) fn open_route(&self, app: &App) {
        let (apps, app, session) = (self.apps.clone(), app.clone(), Arc::clone(&self.session));
        tokio::spawn(async move {
            drop(timeout(LIMIT, session.has_pods_for_all()).await);
            if let Err(error) = apps.open_route_to_new_pods(&app).await {
                tracing::warn!(app = app.name(), %error, "the route could not be opened");
            }
        });
    }
}

impl Session {
    /// Waits until there is a pod for every route.
    async fn has_pods_for_all(&self) {
        let mut endpoints = self.endpoints.subscribe();
        // The sender lives in `self`, so the wait cannot end for want of one.
        let _ = endpoints.wait_for(Endpoints::are_complete).await;
    }
}
