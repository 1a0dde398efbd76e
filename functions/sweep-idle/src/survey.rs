//! What a sweep knows of a cluster before it decides anything: read once, for all apps.

use futures::try_join;
use jiff::Timestamp;
use kube::Client;
use roost_cluster::ClusterError;
use roost_cluster::app::{App, Apps};
use roost_cluster::gateway::Gateways;
use roost_cluster::monitoring::{Monitoring, Requests, Since, Traffic};
use roost_cluster::route::{OpenRoutes, open_routes};
use roost_cluster::wakers::{Waker, Wakers};
use roost_domain::app::Phase;
use roost_domain::app::idle::{Doubt, ROUTE_TAKES_EFFECT, Usage};
use tracing::warn;

/// What is known of a cluster.
pub(crate) struct Survey {
    /// The apps about which there may be something to do.
    pub(crate) apps: Vec<App>,
    /// The wakers.
    pub(crate) wakers: Vec<Waker>,
    /// What was measured of the gateway, or why nothing was.
    pub(crate) requests: Result<Requests, Doubt>,
    routes: OpenRoutes,
    since: Since,
    traffic: Traffic,
}

impl Survey {
    /// Reads all of it.
    pub(crate) async fn of(client: &Client) -> Result<Self, ClusterError> {
        let (apps, gateways, wakers) =
            (Apps::new(client.clone()), Gateways::new(client.clone()), Wakers::new(client.clone()));
        let (apps, routes, gateways, wakers) =
            try_join!(apps.list_unsettled(), open_routes(client), gateways.pods(), wakers.list())?;
        let monitoring = Monitoring::new(client.clone());
        let requests = monitoring.requests(&gateways).await.map_err(|error| missing(&error));
        let since = monitoring.since(&names(apps.iter().filter(|app| wants_readings(app)))).await;
        let is_open =
            |app: &&App| requests.as_ref().is_ok_and(|requests| requests.of(app.namespace(), app.name()).open > 0);
        let open: Vec<_> = names(apps.iter().filter(is_open)).into_iter().map(|(namespace, _)| namespace).collect();
        let traffic = monitoring.traffic(&open).await;
        Ok(Self {
            since: since.unwrap_or_else(|error| none(&error)),
            traffic: traffic.unwrap_or_else(|error| none(&error)),
            apps,
            wakers,
            requests,
            routes,
        })
    }

    /// Since when an app's route leads to it.
    pub(crate) fn route_opened(&self, app: &App) -> Option<Timestamp> {
        self.routes.of(app.namespace(), app.name())
    }

    /// What was measured of an app.
    pub(crate) fn usage(&self, app: &App) -> Usage {
        let Ok(requests) = &self.requests else { return Usage::default() };
        let usage = requests.of(app.namespace(), app.name());
        let status = app.standing();
        let up_to = self.route_opened(app).map_or(Timestamp::MAX, |opened| opened + ROUTE_TAKES_EFFECT);
        let since = |after| self.since.of(app.namespace(), app.name(), after, up_to);
        let proof = status.idle.filter(|_| status.phase == Phase::Draining).or(status.abandoned);
        Usage { begun_since: proof.map(|proof| since(proof.evaluated_at)).unwrap_or_default(), ..usage }
    }

    /// What the network of an app's pods has moved, and as of when.
    pub(crate) fn moved(&self, app: &App) -> Option<(Timestamp, u64)> {
        let workloads: Vec<_> = app.spec.workloads.iter().map(|workload| workload.name.as_str()).collect();
        self.traffic.of(app.namespace(), &workloads)
    }
}

/// Whether every single reading of the last minutes matters.
fn wants_readings(app: &App) -> bool {
    app.status.as_ref().is_some_and(|status| status.phase == Phase::Draining || status.abandoned.is_some())
}

fn names<'a>(apps: impl Iterator<Item = &'a App>) -> Vec<(&'a str, &'a str)> {
    apps.map(|app| (app.namespace(), app.name())).collect()
}

fn missing(error: &ClusterError) -> Doubt {
    warn!(%error, "nothing goes to sleep");
    Doubt::Missing
}

/// Without it nothing is proven that needs it.
fn none<T: Default>(error: &ClusterError) -> T {
    warn!(%error, "what is on its way to sleep stays awake");
    T::default()
}
