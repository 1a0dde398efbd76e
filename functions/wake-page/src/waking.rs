//! Waking an app step by step: each request for it takes the next step, as nothing runs here in between.

use jiff::Timestamp;
use roost_cluster::app::CommitError;
use roost_domain::app::{Cause, Effect, Event, Phase};
use roost_domain::visit::Visitor;
use wake::session::Progress;

use crate::places::{Place, PlaceError};

impl Place {
    /// How far the app has come.
    pub(crate) fn progress(&self) -> Progress {
        Progress::of(&self.app.standing(), Timestamp::now())
    }

    /// Wakes the app, or goes on with that.
    pub(crate) async fn wake(self, visitor: Visitor) -> Result<Progress, PlaceError> {
        match self.app.standing().phase {
            Phase::Awake => Ok(self.progress()),
            Phase::Waking => self.go_on().await,
            Phase::Draining | Phase::Asleep | Phase::Failed => self.begin(visitor).await,
        }
    }

    /// Goes on with a wake.
    pub(crate) async fn go_on(self) -> Result<Progress, PlaceError> {
        if self.app.standing().phase != Phase::Waking {
            return Ok(self.progress());
        }
        let app = self.apps.resume_wake(self.app).await?;
        Ok(Progress::of(&app.standing(), Timestamp::now()))
    }

    async fn begin(self, visitor: Visitor) -> Result<Progress, PlaceError> {
        let progress = self.progress();
        let cause = Cause::request(visitor.name());
        let (app, step) = match self.apps.advance(self.app, &Event::Wanted(cause)).await {
            Ok(taken) => taken,
            // Somebody else wakes it, or it is too early to try again.
            Err(CommitError::Refused(_)) => return Ok(progress),
            Err(error) => return Err(error.into()),
        };
        if step.effects.contains(&Effect::OpenRoute) {
            self.apps.open_route(&app).await?;
        }
        if step.effects.contains(&Effect::StartWorkloads) {
            self.apps.start_first_wave(&app).await?;
        }
        Ok(Progress::of(&step.status, Timestamp::now()))
    }
}
