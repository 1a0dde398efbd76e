//! Starts each part when what it needs is healthy, watches it, and starts it again when it ends.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::part::{Health, Part};
use super::status::{self, NodeStatus, PartStatus, State};
use crate::instance::Instance;

/// Between two looks at a part that starts, and at one that runs.
const STARTING_PERIOD: Duration = Duration::from_millis(50);
const RUNNING_PERIOD: Duration = Duration::from_secs(2);
const CHECK_LIMIT: Duration = Duration::from_secs(5);
/// So many failed looks in a row make a running part unhealthy.
const TOLERATED_FAILURES: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

struct Watched {
    part: Part,
    instance: Instance,
    board: watch::Sender<NodeStatus>,
    client: reqwest::Client,
    started: Instant,
}

/// Never returns unless the status cannot be written.
pub(super) async fn supervise(instance: &Instance, parts: Vec<Part>, client: reqwest::Client) -> anyhow::Result<()> {
    let (board, mut news) = watch::channel(first_status(&parts));
    for part in parts {
        let watched = Watched {
            part,
            instance: instance.clone(),
            board: board.clone(),
            client: client.clone(),
            started: Instant::now(),
        };
        tokio::spawn(Arc::new(watched).keep_running());
    }
    loop {
        let now = news.borrow_and_update().clone();
        status::write(instance, &now)?;
        if let Ok(changed) = timeout(status::PERIOD, news.changed()).await {
            changed.context("no part is supervised any more")?;
        }
    }
}

fn first_status(parts: &[Part]) -> NodeStatus {
    let waiting = |part: &Part| PartStatus {
        state: State::Waiting,
        process: None,
        restarts: 0,
        address: part.address.clone(),
        after_installation: !part.needs_files.is_empty(),
        started_after_seconds: None,
        reason: None,
    };
    NodeStatus {
        order: parts.iter().map(|part| part.name.clone()).collect(),
        parts: parts.iter().map(|part| (part.name.clone(), waiting(part))).collect::<BTreeMap<_, _>>(),
    }
}

impl Watched {
    async fn keep_running(self: Arc<Self>) {
        self.wait_for_needs().await;
        let mut pause = FIRST_PAUSE;
        loop {
            let began = Instant::now();
            let ended = match self.start() {
                Ok(child) => self.attend(child).await,
                Err(error) => format!("{error:#}"),
            };
            self.tell(|status| {
                status.state = State::Restarting;
                status.process = None;
                status.restarts += 1;
                status.reason = Some(ended);
            });
            // A part that ran for a while starts anew with a short pause.
            pause = if began.elapsed() > LONGEST_PAUSE { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
            sleep(pause).await;
        }
    }

    async fn wait_for_needs(&self) {
        let mut news = self.board.subscribe();
        let healthy = |status: &NodeStatus| {
            let is_healthy = |need: &&str| status.parts.get(*need).is_some_and(|part| part.state == State::Healthy);
            self.part.needs.iter().all(is_healthy)
        };
        // The sender lives in `self`, so the wait cannot end for want of one.
        let _ = news.wait_for(healthy).await;
        while !self.part.needs_files.iter().all(|file| file.exists()) {
            sleep(STARTING_PERIOD).await;
        }
    }

    fn start(&self) -> anyhow::Result<Child> {
        let log = self.instance.logs().join(format!("{}.log", self.part.name));
        let log = File::options().create(true).append(true).open(log)?;
        let mut command = Command::new(&self.part.program);
        command.args(&self.part.arguments).envs(self.part.environment.iter().cloned());
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().with_context(|| format!("{} cannot be started", self.part.program.display()))?;
        let process = child.id();
        self.tell(|status| {
            status.state = State::Starting;
            status.process = process;
        });
        Ok(child)
    }

    /// Watches the part until it ends, and says how it ended.
    async fn attend(&self, mut child: Child) -> String {
        let ended = tokio::select! {
            ended = child.wait() => ended,
            never = self.watch_health() => match never {},
        };
        ended.map_or_else(|error| error.to_string(), describe)
    }

    async fn watch_health(&self) -> std::convert::Infallible {
        let began = Instant::now();
        let mut failures = 0;
        let mut became_healthy = false;
        loop {
            match self.check().await {
                Ok(()) => {
                    failures = 0;
                    self.tell_healthy(!became_healthy);
                    became_healthy = true;
                }
                Err(reason) if became_healthy => {
                    failures += 1;
                    if failures >= TOLERATED_FAILURES {
                        self.tell_state(State::Unhealthy, reason);
                    }
                }
                Err(reason) if began.elapsed() > self.part.limit => self.tell_state(State::Failed, reason),
                Err(_) => (),
            }
            sleep(if became_healthy { RUNNING_PERIOD } else { STARTING_PERIOD }).await;
        }
    }

    async fn check(&self) -> Result<(), String> {
        let checked = match &self.part.health {
            Health::Http(address) => timeout(CHECK_LIMIT, self.client.get(address).send()).await.map(|answer| {
                let answer = answer.map_err(|error| format!("{address}: {error}"))?;
                answer.error_for_status().map(drop).map_err(|error| error.to_string())
            }),
            Health::Connection(address) => timeout(CHECK_LIMIT, TcpStream::connect(address))
                .await
                .map(|connected| connected.map(drop).map_err(|error| format!("{address}: {error}"))),
            Health::Command(program, arguments) => {
                let mut command = Command::new(program);
                command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
                command.kill_on_drop(true);
                timeout(CHECK_LIMIT, command.status()).await.map(|ended| match ended {
                    Ok(status) if status.success() => Ok(()),
                    Ok(status) => Err(format!("its health check {}", describe(status))),
                    Err(error) => Err(format!("its health check cannot be started: {error}")),
                })
            }
        };
        checked.unwrap_or_else(|_| Err(format!("no answer to its health check within {} s", CHECK_LIMIT.as_secs())))
    }

    fn tell_healthy(&self, first: bool) {
        let after = self.started.elapsed().as_secs_f64();
        self.board.send_if_modified(|board| {
            let Some(status) = board.parts.get_mut(&self.part.name) else { return false };
            let changed = status.state != State::Healthy;
            status.state = State::Healthy;
            status.reason = None;
            if first {
                status.started_after_seconds = Some(after);
            }
            changed
        });
    }

    fn tell_state(&self, state: State, reason: String) {
        self.tell(|status| {
            status.state = state;
            status.reason = Some(reason);
        });
    }

    fn tell(&self, change: impl FnOnce(&mut PartStatus)) {
        self.board.send_modify(|board| {
            if let Some(status) = board.parts.get_mut(&self.part.name) {
                change(status);
            }
        });
    }
}

fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "ended".to_owned(),
    }
}
