//! How an app wakes: its workloads return to what they were, wave by wave, and the app is awake once all of them answer.

use std::time::Duration;

use futures::future::try_join_all;
use jiff::Timestamp;
use roost_cluster::ClusterError;
use roost_cluster::app::{App, Scaling, scale_workload};
use roost_domain::app::{AppStatus, Event, WakeTarget};
use roost_domain::release::observation::RollOutFailure;
use roost_domain::visit::Estimate;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at, sleep_until, timeout};

use super::driver::{Driver, Next};
use super::pods::{self, Pods};
use super::{Progress, failure, minimums, record};

/// Another waker is at it; after this it may have ended.
const HELP_AFTER: Duration = Duration::from_secs(1);
/// How often to look for what does not pass by itself.
const LOOKING: Duration = Duration::from_secs(5);
/// A wake that is taken up late still gets so much time.
const LEAST_TIME: Duration = Duration::from_secs(5);

/// A wake that is under way.
struct Wake {
    epoch: u64,
    targets: Vec<WakeTarget>,
    pods: watch::Receiver<Pods>,
    ends_at: Instant,
    began: Instant,
    estimate: Option<Estimate>,
}

/// What became of a wave.
enum Wave {
    Ready,
    Failing(RollOutFailure),
    /// The app has moved on.
    Over(Next),
}

impl Driver {
    /// Carries a wake to its end, whoever began it.
    pub(super) async fn wake(&mut self, app: App) -> Result<Next, ClusterError> {
        let mut wake = self.begin(&app);
        if self.own_epoch != Some(wake.epoch)
            && let Ok(newer) = timeout(HELP_AFTER, self.newer_than(wake.epoch)).await
        {
            return Ok(newer);
        }
        for wave in wake.targets.clone().chunk_by(|one, other| one.wave == other.wave) {
            let became = match self.start(wave, wake.epoch).await? {
                Some(next) => Wave::Over(next),
                None => self.until_ready(wave, &mut wake).await?,
            };
            match became {
                Wave::Ready => {}
                Wave::Failing(failure) => return self.fail(app, &failure).await,
                Wave::Over(next) => return Ok(next),
            }
        }
        self.finish(app).await
    }

    fn begin(&self, app: &App) -> Wake {
        let standing = app.standing();
        let mut targets = standing.wake_targets(&app.spec);
        minimums::raise(&mut targets, &self.minimums);
        let elapsed = elapsed(&standing);
        let left = self.sessions.settings.wake_limit.saturating_sub(elapsed).max(LEAST_TIME);
        let now = Instant::now();
        let wake = Wake {
            epoch: standing.epoch,
            targets,
            pods: watch::channel(Pods::new()).1,
            ends_at: now + left,
            began: now.checked_sub(elapsed).unwrap_or(now),
            estimate: Estimate::of(&standing.wake_millis),
        };
        self.show(&wake);
        wake
    }

    /// Starts the workloads of a wave; answers what is next if the app has moved on.
    async fn start(&self, wave: &[WakeTarget], epoch: u64) -> Result<Option<Next>, ClusterError> {
        let (client, namespace) = (&self.sessions.client, self.session.id.namespace());
        let _turn = self.sessions.starts.acquire().await;
        let scaled = wave
            .iter()
            .map(|target| scale_workload(client, namespace, (target.kind, &target.name), target.replicas, epoch));
        let scaled = try_join_all(scaled).await?;
        Ok(scaled.contains(&Scaling::Superseded).then_some(Next::Read))
    }

    /// Pods are looked at from here on: an earlier look may show those ready that are on their way out.
    async fn until_ready(&self, targets: &[WakeTarget], wake: &mut Wake) -> Result<Wave, ClusterError> {
        let (pods, mut following) = (watch::Sender::new(Pods::new()), JoinSet::new());
        wake.pods = pods.subscribe();
        following.spawn(pods::follow(self.sessions.client.clone(), self.session.id.clone(), pods));
        let mut looking = interval_at(Instant::now() + LOOKING, LOOKING);
        let (client, id) = (&self.sessions.client, &self.session.id);
        loop {
            self.show(wake);
            if pods::are_ready(targets, &wake.pods.borrow_and_update()) {
                return Ok(Wave::Ready);
            }
            tokio::select! {
                Ok(()) = wake.pods.changed() => {}
                newer = self.newer_than(wake.epoch) => return Ok(Wave::Over(newer)),
                _ = looking.tick() => {
                    if let Some(failure) = failure::look_for_failure(client, id, targets).await? {
                        return Ok(Wave::Failing(failure));
                    }
                }
                () = sleep_until(wake.ends_at) => {
                    return Ok(Wave::Failing(failure::too_slow(client, id, targets).await));
                }
            }
        }
    }

    fn show(&self, wake: &Wake) {
        let stage = pods::stage(&wake.targets, &wake.pods.borrow());
        let since = wake.began.into_std();
        self.session.advance_to(Progress::Waking { stage, since, estimate: wake.estimate });
    }

    async fn finish(&self, app: App) -> Result<Next, ClusterError> {
        let took = elapsed(&app.standing());
        match self.apps.advance(app, &Event::Ready).await {
            Ok((app, _)) => {
                self.open_route(&app);
                let (client, woken) = (self.sessions.client.clone(), app.clone());
                self.sessions.metrics.woke(took);
                tracing::info!(app = %self.session.id, milliseconds = took.as_millis(), "awake");
                tokio::spawn(async move { record::woke(&client, &woken, took).await });
                Ok(Next::Look(Box::new(app)))
            }
            Err(error) => self.after_refusal(error).await,
        }
    }

    async fn fail(&self, app: App, why: &RollOutFailure) -> Result<Next, ClusterError> {
        tracing::info!(app = %self.session.id, reason = ?why.reason, message = why.message, "it does not wake up");
        let app = match self.apps.advance(app, &Event::wake_failed(why)).await {
            Ok((app, _)) => app,
            Err(error) => return self.after_refusal(error).await,
        };
        self.sessions.metrics.failed_to_wake();
        self.session.turn_away(failure::progress(&app.standing(), Timestamp::now()));
        self.stop(&app).await?;
        record::failed(&self.sessions.client, &app).await;
        Ok(Next::Look(Box::new(app)))
    }

    async fn stop(&self, app: &App) -> Result<(), ClusterError> {
        let (client, epoch) = (&self.sessions.client, app.standing().epoch);
        let stopped = app
            .spec
            .workloads
            .iter()
            .map(|workload| scale_workload(client, app.namespace(), (workload.kind, &workload.name), 0, epoch));
        try_join_all(stopped).await.map(drop)
    }
}

/// How long ago the wake began.
fn elapsed(standing: &AppStatus) -> Duration {
    let began = standing.wake.as_ref().map_or(standing.since, |wake| wake.started_at);
    Duration::try_from(Timestamp::now().duration_since(began)).unwrap_or_default()
}
