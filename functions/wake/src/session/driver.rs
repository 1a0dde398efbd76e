//! What one task does for an app, phase by phase, until nobody asks for it any more.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::join;
use jiff::Timestamp;
use roost_cluster::ClusterError;
use roost_cluster::app::{App, Apps, CommitError};
use roost_domain::app::{Cause, Effect, Event, Phase};
use roost_domain::visit::{Estimate, Stage};
use tokio::task::JoinSet;
use tokio::time::{Instant, interval, sleep, timeout};

use super::minimums::{Minimums, minimums};
use super::{News, Progress, Session, Sessions, failure, slices};

/// Calls that failed, and steps for which others were faster, are tried again after this.
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// An app that requests pass through to is read so often even if the watch is silent.
const READING: Duration = Duration::from_secs(5);
/// An app that a release starts is read this often.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// Looks after one app.
pub(super) struct Driver {
    pub(super) sessions: Arc<Sessions>,
    pub(super) session: Arc<Session>,
    pub(super) apps: Apps,
    /// The epoch in which this process began to wake it.
    pub(super) own_epoch: Option<u64>,
    pub(super) minimums: Minimums,
}

/// What is next.
pub(super) enum Next {
    /// The app is this now.
    Look(Box<App>),
    /// Somebody else was faster: read the app.
    Read,
    /// The session has ended.
    End,
}

impl Driver {
    pub(super) fn new(sessions: Arc<Sessions>, session: Arc<Session>) -> Self {
        let apps = Apps::new(sessions.client.clone());
        Self { sessions, session, apps, own_epoch: None, minimums: Minimums::new() }
    }

    pub(super) async fn run(mut self) {
        let mut following = JoinSet::new();
        following.spawn(slices::follow(self.sessions.client.clone(), Arc::clone(&self.session)));
        let (mut next, mut pause) = (Ok(Next::Read), PAUSE);
        loop {
            next = match next {
                Ok(Next::Look(app)) => Box::pin(self.step(*app)).await,
                Ok(Next::Read) => self.read().await,
                Ok(Next::End) => return,
                Err(error) => {
                    tracing::warn!(app = %self.session.id, %error, "the app cannot be looked after at the moment");
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    if self.sessions.retire_if_empty(&self.session) {
                        return;
                    }
                    Ok(Next::Read)
                }
            };
            if matches!(next, Ok(Next::Look(_))) {
                pause = PAUSE;
            }
        }
    }

    async fn read(&self) -> Result<Next, ClusterError> {
        let app = self.apps.get(self.session.id.namespace(), self.session.id.name()).await?;
        Ok(app.map_or_else(|| self.end(Progress::Gone), |app| Next::Look(Box::new(app))))
    }

    async fn step(&mut self, app: App) -> Result<Next, ClusterError> {
        self.session.epoch.store(app.standing().epoch, Ordering::Release);
        match app.standing().phase {
            Phase::Awake if app.standing().may_be_reached() => self.while_awake(app).await,
            Phase::Awake => self.while_rolled_out().await,
            Phase::Draining | Phase::Asleep => self.want(app).await,
            Phase::Waking => self.wake(app).await,
            Phase::Failed => self.after_failure(app).await,
        }
    }

    /// Makes the app wake, or stay awake; of all wakers one succeeds.
    async fn want(&mut self, app: App) -> Result<Next, ClusterError> {
        let Some(visitor) = self.session.visitor.get() else { return Ok(self.end(Progress::Asleep)) };
        if app.standing().phase != Phase::Draining {
            let estimate = Estimate::of(&app.standing().wake_millis);
            self.session.advance_to(Progress::waking(Stage::Scheduling, estimate));
        }
        let event = Event::Wanted(Cause::request(visitor.name()));
        let turn = self.sessions.starts.acquire().await;
        let advanced = join!(self.apps.advance(app, &event), minimums(&self.sessions.client, &self.session.id));
        drop(turn);
        self.minimums = advanced.1;
        match advanced.0 {
            Ok((app, step)) => {
                self.own_epoch = Some(step.status.epoch);
                if step.effects.contains(&Effect::OpenRoute) {
                    self.open_route(&app);
                }
                Ok(Next::Look(Box::new(app)))
            }
            Err(error) => self.after_refusal(error).await,
        }
    }

    pub(super) async fn after_refusal(&self, error: CommitError) -> Result<Next, ClusterError> {
        match error {
            CommitError::Cluster(error) => Err(error),
            CommitError::Missing => Ok(self.end(Progress::Gone)),
            CommitError::Refused(_) | CommitError::Contended => {
                sleep(PAUSE).await;
                Ok(Next::Read)
            }
        }
    }

    /// Lets requests through for as long as the app is awake and somebody asks for it.
    async fn while_awake(&mut self, app: App) -> Result<Next, ClusterError> {
        self.session.advance_to(Progress::Open);
        self.session.ramp.open();
        let epoch = app.standing().epoch;
        let linger = self.sessions.settings.linger;
        let mut reading = interval(READING.min(linger));
        let mut stirred_at = Instant::now();
        loop {
            tokio::select! {
                newer = self.newer_than(epoch) => return Ok(self.after_awake(newer)),
                () = self.session.stirred.notified() => stirred_at = Instant::now(),
                _ = reading.tick() => {
                    if stirred_at.elapsed() >= linger && self.sessions.retire_if_empty(&self.session) {
                        return Ok(Next::End);
                    }
                    match self.read().await? {
                        Next::Look(app) if app.standing().epoch <= epoch => {}
                        newer => return Ok(self.after_awake(newer)),
                    }
                }
            }
        }
    }

    /// A release is starting what slept; the epoch stays as it is when that is done, so the app is read again and again.
    async fn while_rolled_out(&self) -> Result<Next, ClusterError> {
        if self.sessions.retire_if_empty(&self.session) {
            return Ok(Next::End);
        }
        if !matches!(self.session.progress(), Progress::Waking { .. }) {
            self.session.advance_to(Progress::waking(Stage::Starting, None));
        }
        sleep(BETWEEN_LOOKS).await;
        Ok(Next::Read)
    }

    /// A drain ends if somebody is here; an app that went to sleep is asked for anew.
    fn after_awake(&self, newer: Next) -> Next {
        let Next::Look(app) = newer else { return newer };
        match app.standing().phase {
            Phase::Draining if self.sessions.retire_if_empty(&self.session) => Next::End,
            Phase::Awake | Phase::Draining => Next::Look(app),
            Phase::Asleep | Phase::Waking | Phase::Failed => self.end(Progress::Asleep),
        }
    }

    /// Sends visitors away until it is time to try again.
    async fn after_failure(&mut self, app: App) -> Result<Next, ClusterError> {
        let standing = app.standing();
        let next_attempt = standing.wake.as_ref().and_then(|wake| wake.next_attempt_at);
        let pause =
            next_attempt.map(|at| at.duration_since(Timestamp::now())).filter(jiff::SignedDuration::is_positive);
        let Some(pause) = pause.and_then(|pause| Duration::try_from(pause).ok()) else { return self.want(app).await };
        let failed = failure::progress(&standing, Timestamp::now());
        self.session.turn_away(failed.clone());
        let pause = pause.min(self.sessions.settings.linger);
        drop(timeout(pause, self.newer_than(standing.epoch)).await);
        Ok(self.end(failed))
    }

    /// Waits for the watch to tell of a later epoch.
    pub(super) async fn newer_than(&self, epoch: u64) -> Next {
        let mut news = self.session.news.subscribe();
        let is_newer = |news: &News| match news {
            News::None => false,
            News::Changed(app) => app.standing().epoch > epoch,
            News::Gone => true,
        };
        let told = news.wait_for(is_newer).await.ok().map(|told| told.clone());
        match told {
            Some(News::Changed(app)) => Next::Look(Box::new(Arc::unwrap_or_clone(app))),
            Some(News::Gone) => self.end(Progress::Gone),
            Some(News::None) | None => Next::Read,
        }
    }

    pub(super) fn end(&self, last: Progress) -> Next {
        self.sessions.retire(&self.session, last);
        Next::End
    }
}
