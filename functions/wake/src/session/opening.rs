//! When the gateway may lead to an app that is awake. It learns of routes and of pods by watches of their own: one that
//! knows the route and no pod yet would send visitors away, while here they pass through.

use std::sync::Arc;
use std::time::Duration;

use roost_cluster::app::App;
use tokio::time::{sleep, timeout};

use super::Session;
use super::driver::Driver;
use super::endpoints::Endpoints;

/// By so much a busy gateway may learn of pods later than this process does. Under five times as much work as there were
/// processors for, 0.8 s were seen.
const HEAD_START: Duration = Duration::from_secs(2);
/// One Service without pods must not keep all others from their visitors.
const LIMIT: Duration = Duration::from_secs(10);

impl Driver {
    /// Leads the gateway to the app, soon: until then requests pass through here. What fails is repaired by the sweep.
    pub(super) fn open_route(&self, app: &App) {
        let (apps, app, session) = (self.apps.clone(), app.clone(), Arc::clone(&self.session));
        tokio::spawn(async move {
            drop(timeout(LIMIT, session.has_pods_for_all()).await);
            sleep(HEAD_START).await;
            if let Err(error) = apps.open_route(&app).await {
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
