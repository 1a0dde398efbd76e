//! The two steps into sleep: the route is closed, and once that has come to everybody the workloads are stopped.

use futures::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use roost_cluster::app::{App, CommitError};
use roost_cluster::gateway::Gateways;
use roost_domain::app::idle::{ProvenIdle, Reason, Wakers};
use roost_domain::app::{Event, Phase, Refused};
use tracing::info;

use crate::carrying_out::Sweeper;
use crate::failure::SweepFailure;
use crate::record;

impl Sweeper<'_> {
    /// Begins to put an idle app to sleep, unless something around it speaks against that.
    pub(crate) async fn drain(&self, app: App, proof: ProvenIdle) -> Result<Phase, SweepFailure> {
        if let Some(reason) = self.too_few_wakers() {
            return self.refuse(app, &reason).await;
        }
        if let Some(reason) = self.apps.surroundings(&app).await?.veto() {
            return self.refuse(app, &reason).await;
        }
        let idle_after = app.spec.idle_after(&app.standing()).unwrap_or(SignedDuration::MAX);
        let forwarding = self.wakers.forwarding(&self.survey.wakers, &app).await?;
        match proof.weighed(&forwarding, idle_after) {
            Ok(proof) => {
                let (draining, step) = self.apps.advance(app, &Event::Idle(proof)).await?;
                self.apps.close_route(&draining).await?;
                info!(why = step.status.cause.detail, "is being drained");
                Ok(step.status.phase)
            }
            Err(used) => {
                let status = app.standing();
                if let Some(noted) = status.observed(Some(used), Some(&Reason::OpenRequest), Timestamp::now()) {
                    self.apps.commit(&app, noted).await?;
                }
                Ok(status.phase)
            }
        }
    }

    /// Sees that everybody knows that the app is being drained, the first time and the last; after that it is stopped.
    pub(crate) async fn confirm(&self, app: App) -> Result<Phase, SweepFailure> {
        let status = app.standing();
        self.apps.close_route(&app).await?;
        if self.too_few_wakers().is_some() {
            return self.keep_awake(app, "too few of the servers that would wake it are ready".to_owned()).await;
        }
        let Some(proof) = &status.idle else {
            return self.keep_awake(app, "the proof that nobody uses it is not there".to_owned()).await;
        };
        let forwarding = self.wakers.forwarding(&self.survey.wakers, &app).await?;
        match Wakers::of(&forwarding, status.epoch, proof) {
            Wakers::Free if self.is_led_to(&app).await? => return Ok(status.phase),
            Wakers::Free => {}
            Wakers::NotYet => return Ok(status.phase),
            Wakers::InUse => {
                return self.keep_awake(app, "somebody asked for it as it was about to sleep".to_owned()).await;
            }
        }
        let running = self.apps.surroundings(&app).await?.running();
        let event = Event::Unrouted { running, quiet: self.settings.patience.quiet };
        match self.apps.advance(app, &event).await {
            Ok((asleep, step)) if step.status.phase == Phase::Asleep => {
                self.apps.stop(asleep.clone()).await?;
                info!("sleeps");
                record::fell_asleep(&self.client, &asleep).await;
                Ok(step.status.phase)
            }
            Ok((_, step)) => Ok(step.status.phase),
            Err(CommitError::Refused(Refused::NotYetQuiet(_))) => Ok(status.phase),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether any replica of the gateway leads to an app.
    async fn is_led_to(&self, app: &App) -> Result<bool, SweepFailure> {
        let Some(host) = &app.spec.host else { return Ok(false) };
        let gateways = Gateways::new(self.client.clone());
        let pods = gateways.pods().await?;
        let asked = try_join_all(pods.iter().map(|pod| gateways.leads_to_app(pod, host))).await?;
        Ok(asked.is_empty() || asked.contains(&true))
    }

    fn too_few_wakers(&self) -> Option<Reason> {
        let ready = self.survey.wakers.iter().filter(|waker| waker.is_ready).count();
        (ready < self.settings.wakers).then_some(Reason::TooFewWakers)
    }
}
