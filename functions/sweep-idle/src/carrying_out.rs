//! One task about one app.

use jiff::Timestamp;
use kube::Client;
use roost_cluster::app::{App, Apps};
use roost_cluster::wakers::Wakers;
use roost_domain::app::idle::Reason;
use roost_domain::app::{Cause, Event, Phase, Task};
use tracing::info;

use crate::failure::SweepFailure;
use crate::record;
use crate::settings::Settings;
use crate::survey::Survey;

/// What tasks are carried out with.
pub(crate) struct Sweeper<'a> {
    pub(crate) client: Client,
    pub(crate) apps: Apps,
    pub(crate) wakers: Wakers,
    pub(crate) settings: Settings,
    pub(crate) survey: &'a Survey,
}

impl<'a> Sweeper<'a> {
    /// With what a survey has found.
    pub(crate) fn new(client: Client, settings: Settings, survey: &'a Survey) -> Self {
        Self { apps: Apps::new(client.clone()), wakers: Wakers::new(client.clone()), client, settings, survey }
    }

    /// Carries a task out; answers with the phase of the app then.
    pub(crate) async fn carry_out(&self, app: App, task: Task) -> Result<Phase, SweepFailure> {
        let phase = app.standing().phase;
        match task {
            Task::Nothing => Ok(phase),
            Task::Note(status) => {
                self.apps.commit(&app, *status).await?;
                Ok(phase)
            }
            Task::Drain(proof) => self.drain(app, proof).await,
            Task::Confirm => Box::pin(self.confirm(app)).await,
            Task::KeepAwake(why) => self.keep_awake(app, why).await,
            Task::Reopen => {
                self.apps.open_route(&app).await?;
                Ok(phase)
            }
            Task::Wake(cause) => self.wake(app, cause).await,
            Task::ResumeWake => Ok(self.apps.resume_wake(app).await?.standing().phase),
            Task::Stop => {
                self.apps.stop(app).await?;
                Ok(phase)
            }
        }
    }

    /// Writes down why an idle app does not sleep.
    pub(crate) async fn refuse(&self, app: App, reason: &Reason) -> Result<Phase, SweepFailure> {
        let status = app.standing();
        if let Some(status) = status.observed(status.idle.clone(), Some(reason), Timestamp::now()) {
            self.apps.commit(&app, status).await?;
        }
        Ok(status.phase)
    }

    pub(crate) async fn keep_awake(&self, app: App, why: String) -> Result<Phase, SweepFailure> {
        info!(why, "stays awake");
        let (awake, step) = self.apps.advance(app, &Event::KeepAwake(why)).await?;
        self.apps.open_route(&awake).await?;
        record::stays_awake(&self.client, &awake).await;
        Ok(step.status.phase)
    }

    /// Begins to wake an app whose hours have begun.
    async fn wake(&self, app: App, cause: Cause) -> Result<Phase, SweepFailure> {
        info!(why = cause.detail, "is woken");
        let (waking, step) = self.apps.advance(app, &Event::Wanted(cause)).await?;
        self.apps.start_first_wave(&waking).await?;
        Ok(step.status.phase)
    }
}
