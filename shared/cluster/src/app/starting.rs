//! The beginning of a wake, which a waker takes up and brings to its end; and that end where there is no waker.

use futures::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use roost_domain::app::Event;
use roost_domain::release::observation::{RollOutFailure, Verdict};

use super::{App, Apps, CommitError, scale_workload};
use crate::ClusterError;

/// As long as a waker takes at most, unless the operator says otherwise.
const LONGEST_WAKE: SignedDuration = SignedDuration::from_mins(5);

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
    /// as it is then: awake once all of it is ready, failed if it will not be.
    pub async fn resume_wake(&self, app: App) -> Result<App, CommitError> {
        let status = app.standing();
        for target in status.wake_targets(&app.spec) {
            let workload = (target.kind, target.name.as_str());
            scale_workload(&self.client, app.namespace(), workload, target.replicas, status.epoch).await?;
        }
        if !self.is_ready(&app).await? {
            return match Box::pin(self.hindrance(&app)).await? {
                Some(failure) => Box::pin(self.give_up(app, &failure)).await,
                None => Ok(app),
            };
        }
        let (awake, _) = self.advance(app, &Event::Ready).await?;
        self.open_route_to_new_pods(&awake).await?;
        Ok(awake)
    }

    /// What is in the way of a wake: if there is time, only what does not pass by itself.
    async fn hindrance(&self, app: &App) -> Result<Option<RollOutFailure>, ClusterError> {
        let status = app.standing();
        let began = status.wake.as_ref().map_or(status.since, |wake| wake.started_at);
        let has_time = Timestamp::now().duration_since(began) < LONGEST_WAKE;
        Ok(match self.verdict(app).await? {
            Verdict::Failing(failure) => Some(failure),
            Verdict::Waiting(failure) => Some(failure).filter(|_| !has_time),
            Verdict::Ready => None,
        })
    }

    async fn give_up(&self, app: App, failure: &RollOutFailure) -> Result<App, CommitError> {
        let (failed, _) = self.advance(app, &Event::wake_failed(failure)).await?;
        self.stop(failed.clone()).await?;
        Ok(failed)
    }
}
