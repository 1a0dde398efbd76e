//! The beginning of a wake: what a waker takes up and brings to its end.

use futures::future::try_join_all;
use roost_domain::app::Event;

use super::{App, Apps, CommitError, scale_workload};
use crate::ClusterError;

impl Apps {
    /// Starts the first wave of an app that is waking, as it was read; a waker sees to the others, and to the end.
    pub async fn start_first_wave(&self, app: &App) -> Result<(), ClusterError> {
        let status = app.standing();
        let targets = status.wake_targets(&app.spec);
        let first = targets.first().map(|target| target.wave);
        let first = targets.iter().filter(|target| Some(target.wave) == first);
        let started = first.map(|target| {
            let workload = (target.kind, target.name.as_str());
            scale_workload(&self.client, app.namespace(), workload, target.replicas, status.epoch)
        });
        try_join_all(started).await.map(drop)
    }

    /// Goes on with a wake that nobody else may be at: everything is started at once, waves or not. Answers with the app
    /// as it is then, awake once all of it is ready.
    pub async fn resume_wake(&self, app: App) -> Result<App, CommitError> {
        let status = app.standing();
        for target in status.wake_targets(&app.spec) {
            let workload = (target.kind, target.name.as_str());
            scale_workload(&self.client, app.namespace(), workload, target.replicas, status.epoch).await?;
        }
        if !self.is_ready(&app).await? {
            return Ok(app);
        }
        let (awake, _) = self.advance(app, &Event::Ready).await?;
        self.open_route(&awake).await?;
        Ok(awake)
    }
}
