//! An app with all that is known of it when it is judged.

use jiff::Timestamp;
use roost_cluster::app::App;
use roost_domain::app::idle::{ROUTE_TAKES_EFFECT, Usage};
use roost_domain::app::{AppStatus, IdleRecord, Look, Patience, Phase, Task};

use crate::survey::Survey;

/// An app that a sweep looks at.
pub(crate) struct Surveyed {
    /// The app.
    pub(crate) app: App,
    /// Where it stands.
    pub(crate) status: AppStatus,
    /// What was measured of it.
    pub(crate) usage: Usage,
    /// Since when its route leads to it.
    pub(crate) route_opened: Option<Timestamp>,
}

impl Surveyed {
    /// An app with what the survey says of it.
    pub(crate) fn new(app: App, survey: &Survey) -> Self {
        let (status, usage, route_opened) = (app.standing(), survey.usage(&app), survey.route_opened(&app));
        Self { app, status, usage, route_opened }
    }

    /// The proof of idleness since which every single reading matters, if there is one.
    pub(crate) fn proof(&self) -> Option<&IdleRecord> {
        let of_drain = self.status.idle.as_ref().filter(|_| self.status.phase == Phase::Draining);
        of_drain.or(self.status.abandoned.as_ref())
    }

    /// Whether a request seems to be open.
    pub(crate) fn is_open(&self) -> bool {
        self.usage.open > 0
    }

    /// Whether the survey says too little of it.
    pub(crate) fn needs_closer_look(&self) -> bool {
        self.is_open() || self.status.phase == Phase::Draining || self.status.abandoned.is_some()
    }

    /// Up to when what was read of it is of the time before its route was opened anew.
    pub(crate) fn readings_end(&self) -> Timestamp {
        self.route_opened.map_or(Timestamp::MAX, |opened| opened + ROUTE_TAKES_EFFECT)
    }

    /// Whether its owner waits for it to sleep.
    pub(crate) fn is_to_sleep(&self) -> bool {
        self.status.phase == Phase::Awake && self.app.spec.wants_sleep(&self.status)
    }

    /// What there is to do about it.
    pub(crate) fn task(&self, survey: &Survey, patience: &Patience, now: Timestamp) -> Task {
        let look = Look {
            spec: &self.app.spec,
            status: &self.status,
            route_opened: self.route_opened,
            measurements: survey.measurements(),
            usage: &self.usage,
        };
        look.task(patience, now)
    }
}
