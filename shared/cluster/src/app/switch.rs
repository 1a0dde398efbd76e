//! The switch between app and waker: the gateway leads to the app while its route is there, and to the waker otherwise.

use std::time::Duration;

use jiff::Timestamp;
use roost_domain::app::Phase;
use tokio::time::sleep;

use super::{App, Apps};
use crate::ClusterError;
use crate::route::{ProjectRoute, Switching};

/// By so much a busy gateway may learn of pods later than the API server does: it watches routes and pods apart, and one
/// that knows the route and no pod yet sends visitors away, while at the waker they pass through. Under five times as
/// much work as there were processors for, 0.8 s were seen.
const HEAD_START: Duration = Duration::from_secs(2);

impl Apps {
    /// Leads the gateway to an app whose pods have only just come up.
    pub async fn open_route_to_new_pods(&self, app: &App) -> Result<Switching, ClusterError> {
        sleep(HEAD_START).await;
        self.open_route(app).await
    }

    /// Leads the gateway to the app, if it is awake as it was read. An app without routes stays without.
    pub async fn open_route(&self, app: &App) -> Result<Switching, ClusterError> {
        let (Some(host), true) = (&app.spec.host, app.spec.is_routed()) else { return Ok(Switching::Unwanted) };
        let (target, epoch) = ((host.as_str(), app.spec.routes.as_slice()), app.standing().epoch);
        self.route_of(app).open(target, epoch, || self.is_still(app, Phase::Awake)).await
    }

    /// Leads the gateway to the waker, if the app is being drained as it was read.
    pub async fn close_route(&self, app: &App) -> Result<Switching, ClusterError> {
        self.route_of(app).close(|| self.is_still(app, Phase::Draining)).await
    }

    /// Since when the gateway leads to the app, if it does at this moment.
    pub async fn route_opened(&self, app: &App) -> Result<Option<Timestamp>, ClusterError> {
        self.route_of(app).opened().await
    }

    fn route_of(&self, app: &App) -> ProjectRoute {
        let names = (app.spec.tenant.clone(), app.spec.project.clone());
        ProjectRoute::new(self.client.clone(), app.namespace().to_owned(), names)
    }
}
