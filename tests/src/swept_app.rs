//! An app that is awake, and sweeps under a test's control.

use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use roost_domain::app::{AppStatus, Phase};
use serde_json::json;
use tokio::time::sleep;

use crate::function::{Ending, Function};
use crate::sleeping_app::SleepingApp;
use crate::world::{CLUSTER, World};

/// After so long it would fall asleep.
pub const IDLE_SECONDS: u32 = 10;
/// For falling asleep. Prometheus reads every 15 s, and what counts has to be read several times.
pub const LIMIT: Duration = Duration::from_mins(4);
/// Between two sweeps.
pub const BETWEEN_SWEEPS: Duration = Duration::from_secs(3);
/// In this time an app that is idle would be asleep.
const LONG_ENOUGH: Duration = Duration::from_mins(1);

/// An app that is awake, and sweeps that would put it to sleep.
pub struct SweptApp {
    /// Its queues and files are there as long as it is.
    _world: World,
    /// The app.
    pub app: SleepingApp,
    sweep: Function,
}

impl SweptApp {
    /// An app of a new tenant.
    pub async fn new(name: &str) -> Result<Self> {
        Self::with(World::new().await?, name).await
    }

    /// The same with sweeps of that world.
    pub async fn with(world: World, name: &str) -> Result<Self> {
        let world = world.with_setting("ROOST_QUIET_SECONDS", "5").with_setting("ROOST_MIN_AWAKE_SECONDS", "5");
        let world = world.with_setting("ROOST_WAKERS", "1");
        let app = SleepingApp::new(&world.platform, name).await?;
        app.visitor.sees("/", "awake").await?;
        app.comes_to(Phase::Awake).await?;
        app.is_routed().await?;
        app.falls_asleep_after(IDLE_SECONDS).await?;
        let sweep = world.start("sweep-idle").await?;
        Ok(Self { _world: world, app, sweep })
    }

    /// Sweeps once.
    pub async fn sweep(&self) -> Result<()> {
        let body = json!({"task": "sweep-idle", "cluster": CLUSTER}).to_string();
        match self.sweep.handle(&[body]).await? {
            Ending::Answered(answer) if answer["batchItemFailures"] == json!([]) => Ok(()),
            ending => bail!("not handled: {ending:?}; {:?}", self.sweep.logged().await?.last()),
        }
    }

    /// Sweeps until the app is in a state that is looked for.
    pub async fn sweeps_until(&self, what: &str, is_so: impl Fn(&AppStatus) -> bool) -> Result<AppStatus> {
        let began = Instant::now();
        loop {
            self.sweep().await?;
            let standing = self.app.app().await?.standing();
            if is_so(&standing) {
                return Ok(standing);
            }
            if began.elapsed() > LIMIT {
                bail!("no {what}: {standing:?}; {:?}", self.sweep.logged().await?.last());
            }
            sleep(BETWEEN_SWEEPS).await;
        }
    }

    /// Sweeps for a while, in which the app must not begin to fall asleep, and until its owner is told why. Where
    /// measuring is late, the owner is told of that first.
    pub async fn stays_awake(&self, reason: &str) -> Result<()> {
        let began = Instant::now();
        let mut told = false;
        while !told || began.elapsed() < LONG_ENOUGH {
            self.sweep().await?;
            let standing = self.app.app().await?.standing();
            ensure!(standing.phase == Phase::Awake, "{standing:?}");
            ensure!(began.elapsed() < LIMIT, "its owner was not told of {reason}: {standing:?}");
            told |= standing.refusal.is_some_and(|refusal| refusal.reason == reason);
            sleep(BETWEEN_SWEEPS).await;
        }
        Ok(())
    }
}
