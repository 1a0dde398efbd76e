//! A closer look at those apps of which the survey says too little: what was read of them since a proof of their idleness,
//! and what moves where a request is open.

use futures::{StreamExt, stream};
use jiff::Timestamp;
use kube::Client;
use roost_cluster::ClusterError;
use roost_cluster::app::{App, Apps};
use roost_cluster::monitoring::{Monitoring, Since, Traffic};
use roost_domain::app::idle::{Network, Usage};
use tracing::warn;

use crate::surveyed::Surveyed;

/// Apps looked at at once.
const AT_ONCE: usize = 16;

/// What is asked once for all of them.
struct CloserLook {
    apps: Apps,
    since: Since,
    traffic: Traffic,
}

/// Looks at these apps; one that cannot be looked at is left to the next sweep.
pub(crate) async fn look_closer(client: &Client, surveyed: Vec<Surveyed>) -> Vec<Surveyed> {
    let look = &CloserLook::at(client, &surveyed).await;
    let seen = stream::iter(surveyed).map(|surveyed| look.complete(surveyed)).buffer_unordered(AT_ONCE);
    seen.filter_map(std::future::ready).collect().await
}

impl CloserLook {
    async fn at(client: &Client, surveyed: &[Surveyed]) -> Self {
        let monitoring = Monitoring::new(client.clone());
        let proven = surveyed.iter().filter(|surveyed| surveyed.proof().is_some());
        let proven: Vec<_> = proven.map(|surveyed| (surveyed.app.namespace(), surveyed.app.name())).collect();
        let open = surveyed.iter().filter(|surveyed| surveyed.is_open());
        let open: Vec<_> = open.map(|surveyed| surveyed.app.namespace()).collect();
        let since = monitoring.since(&proven).await.unwrap_or_else(|error| none(&error));
        let traffic = monitoring.traffic(&open).await.unwrap_or_else(|error| none(&error));
        Self { apps: Apps::new(client.clone()), since, traffic }
    }

    async fn complete(&self, surveyed: Surveyed) -> Option<Surveyed> {
        let network = self.network(&surveyed).await;
        let mut surveyed = surveyed;
        if let Some(proof) = surveyed.proof().map(|proof| proof.evaluated_at) {
            // The survey may be older than the proof, and so of a route that was closed since.
            surveyed.route_opened = self.route_opened(&surveyed.app).await?;
            let (app, up_to) = (&surveyed.app, surveyed.readings_end());
            surveyed.usage.begun_since = self.since.of(app.namespace(), app.name(), proof, up_to);
        }
        Some(Surveyed { usage: Usage { network, ..surveyed.usage }, ..surveyed })
    }

    async fn route_opened(&self, app: &App) -> Option<Option<Timestamp>> {
        let opened = self.apps.route_opened(app).await;
        opened.inspect_err(|error| warn!(app = app.name(), %error, "the app stays as it is")).ok()
    }

    /// What the network of an app's pods has moved while a request is open, and how much of that its probes make up.
    async fn network(&self, surveyed: &Surveyed) -> Option<Network> {
        let app = &surveyed.app;
        let workloads: Vec<_> = app.spec.workloads.iter().map(|workload| workload.name.as_str()).collect();
        let (at, bytes) = self.traffic.of(app.namespace(), &workloads).filter(|_| surveyed.is_open())?;
        let probes = self.apps.surroundings(app).await.ok()?.probes;
        Some(Network { bytes, at, probes })
    }
}

/// Without it nothing is proven that needs it.
fn none<T: Default>(error: &ClusterError) -> T {
    warn!(%error, "what is on its way to sleep stays awake");
    T::default()
}
