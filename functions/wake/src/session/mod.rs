//! An app that somebody asks for: it is looked after from its first request until nobody has asked for a while, by one
//! task of its own, however many ask. Whoever waits for it learns only of it.

mod driver;
mod endpoints;
mod failure;
mod minimums;
mod opening;
mod pods;
mod progress;
mod ramp;
mod record;
mod sessions;
mod slices;
mod wake;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use roost_cluster::app::App;
use roost_domain::manifest::Route;
use roost_domain::visit::Visitor;
use tokio::sync::{Notify, watch};

pub use endpoints::Endpoint;
pub use progress::Progress;
pub use ramp::Turn;
pub use sessions::{Sessions, Settings};

use crate::host_table::{AppId, HostTable};
use endpoints::Endpoints;
use ramp::Ramp;

/// An app that is looked after.
#[derive(Debug)]
pub struct Session {
    id: AppId,
    routes: Arc<[Route]>,
    /// Where uses are noted.
    hosts: Arc<HostTable>,
    /// For whom it wakes: the first who asked.
    visitor: OnceLock<Visitor>,
    progress: watch::Sender<Progress>,
    ramp: Arc<Ramp>,
    endpoints: watch::Sender<Endpoints>,
    /// The next address to choose.
    number: AtomicUsize,
    news: watch::Sender<News>,
    guests: AtomicU64,
    /// In which epoch the app was looked at last; 0 before it was.
    epoch: AtomicU64,
    /// Somebody else came, or left.
    stirred: Notify,
}

/// What the watch on all apps has told of this one.
#[derive(Debug, Clone)]
enum News {
    None,
    Changed(Arc<App>),
    Gone,
}

/// Somebody who asks for an app, from the first look at the request until the last byte of the answer.
#[derive(Debug)]
pub struct Guest {
    session: Arc<Session>,
}

/// Why a guest is not let through.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// The app is not on its way any more: failed, or gone.
    Ended(Progress),
    /// The app has gone to sleep again: ask for it anew.
    Again,
}

impl Session {
    fn new(id: AppId, routes: Arc<[Route]>, hosts: Arc<HostTable>) -> Self {
        Self {
            id,
            routes,
            hosts,
            visitor: OnceLock::new(),
            progress: watch::Sender::new(Progress::Unknown),
            ramp: Arc::new(Ramp::new()),
            endpoints: watch::Sender::new(Endpoints::default()),
            number: AtomicUsize::new(0),
            news: watch::Sender::new(News::None),
            guests: AtomicU64::new(0),
            epoch: AtomicU64::new(0),
            stirred: Notify::new(),
        }
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.borrow().clone()
    }

    /// How many requests are held or passed on.
    fn guests(&self) -> u64 {
        self.guests.load(Ordering::Acquire)
    }

    fn has_guests(&self) -> bool {
        self.guests() > 0
    }

    fn tell(&self, news: News) {
        self.news.send_replace(news);
    }

    fn advance_to(&self, progress: Progress) {
        self.progress.send_replace(progress);
    }

    /// From here on nobody is let through.
    fn turn_away(&self, last: Progress) {
        self.advance_to(last);
        self.ramp.close();
    }
}

impl Guest {
    fn of(session: &Arc<Session>, visitor: Option<Visitor>) -> Self {
        if let Some(visitor) = visitor {
            session.visitor.get_or_init(|| visitor);
        }
        session.guests.fetch_add(1, Ordering::AcqRel);
        session.stirred.notify_one();
        Self { session: Arc::clone(session) }
    }

    /// How far the app has come, once that is known, or after a limit.
    pub async fn first_look(&self, limit: Duration) -> Progress {
        let mut progress = self.session.progress.subscribe();
        let known = progress.wait_for(|progress| !matches!(progress, Progress::Unknown));
        let known = tokio::time::timeout(limit, known).await;
        known.ok().and_then(Result::ok).map_or(Progress::Unknown, |progress| progress.clone())
    }

    /// Waits for leave to send a request.
    pub async fn turn(&self) -> Result<Turn, Refusal> {
        self.session.ramp.turn().await.map_err(|_| Refusal::of(self.session.progress()))
    }

    /// Waits for a pod that answers for a route, and chooses one.
    pub async fn endpoint(&self, route: &Route) -> Result<Endpoint, Refusal> {
        let number = self.session.number.fetch_add(1, Ordering::Relaxed);
        if let Some(endpoint) = self.session.endpoints.borrow().choose(route, number) {
            return Ok(endpoint);
        }
        let (mut endpoints, mut progress) = (self.session.endpoints.subscribe(), self.session.progress.subscribe());
        let chosen = endpoints.wait_for(|endpoints| endpoints.choose(route, number).is_some());
        let closed = progress.wait_for(Progress::is_closed);
        tokio::select! {
            chosen = chosen => chosen.ok().and_then(|endpoints| endpoints.choose(route, number)).ok_or(Refusal::Again),
            closed = closed => Err(closed.map_or(Refusal::Again, |closed| Refusal::of(closed.clone()))),
        }
    }

    /// Whether requests are let through still.
    pub fn still_open(&self) -> Result<(), Refusal> {
        let progress = self.session.progress();
        if progress.is_closed() { Err(Refusal::of(progress)) } else { Ok(()) }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.session.hosts.note_use(&self.session.id);
        if self.session.guests.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.session.stirred.notify_one();
        }
    }
}

impl Refusal {
    fn of(progress: Progress) -> Self {
        match progress {
            ended @ (Progress::Failed { .. } | Progress::Gone) => Self::Ended(ended),
            _ => Self::Again,
        }
    }
}
