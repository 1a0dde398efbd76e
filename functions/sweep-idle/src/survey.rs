//! What a sweep knows of a cluster before it looks at any app: read once, for all of them.

use futures::try_join;
use jiff::Timestamp;
use kube::Client;
use roost_cluster::ClusterError;
use roost_cluster::app::App;
use roost_cluster::gateway::Gateways;
use roost_cluster::monitoring::{Monitoring, Requests};
use roost_cluster::route::{OpenRoutes, open_routes};
use roost_cluster::wakers::{Waker, Wakers};
use roost_domain::app::idle::{Doubt, Measurements, Usage};
use tracing::warn;

/// What is known of a cluster.
pub(crate) struct Survey {
    /// The wakers.
    pub(crate) wakers: Vec<Waker>,
    /// What was measured of the gateway, or why nothing was.
    requests: Result<Requests, Doubt>,
    routes: OpenRoutes,
}

impl Survey {
    /// Reads all of it.
    pub(crate) async fn of(client: &Client) -> Result<Self, ClusterError> {
        let wakers = Wakers::new(client.clone());
        let (routes, requests, wakers) = try_join!(open_routes(client), requests(client), wakers.list())?;
        Ok(Self { wakers, requests, routes })
    }

    /// Since when an app's route leads to it.
    pub(crate) fn route_opened(&self, app: &App) -> Option<Timestamp> {
        self.routes.of(app.namespace(), app.name())
    }

    /// What was measured of the gateway, or why nothing was.
    pub(crate) fn measurements(&self) -> Result<&Measurements, &Doubt> {
        self.requests.as_ref().map(|requests| &requests.measurements)
    }

    /// What was measured of an app.
    pub(crate) fn usage(&self, app: &App) -> Usage {
        self.requests.as_ref().map(|requests| requests.of(app.namespace(), app.name())).unwrap_or_default()
    }
}

async fn requests(client: &Client) -> Result<Result<Requests, Doubt>, ClusterError> {
    let gateways = Gateways::new(client.clone()).pods().await?;
    let requests = Monitoring::new(client.clone()).requests(&gateways).await;
    Ok(requests.map_err(|error| {
        warn!(%error, "nothing goes to sleep");
        Doubt::Missing
    }))
}
