//! Brings the platform up, or finds that it is up.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use anyhow::{Context, bail};
use tokio::process::Command;
use tokio::time::{Instant, sleep};

use super::down;
use crate::command::{last_lines, output, program};
use crate::instance::Instance;
use crate::lock::{self, Lock};
use crate::mode::Cluster;
use crate::node;
use crate::node::parts::{containerd, kubeconfig};
use crate::node::status::{self, NodeStatus, PartStatus, State};
use crate::parts::{self, Prepared};
use crate::progress::Progress;
use crate::{certificates, install, watched_functions};

/// For all parts together, on two busy cores.
const HEALTHY_LIMIT: Duration = Duration::from_mins(3);
/// A part that ended is started again within seconds: worth waiting for before everything is started anew.
const RECOVERY_LIMIT: Duration = Duration::from_secs(15);
const PERIOD: Duration = Duration::from_millis(50);
/// A part that ends so often before everything is healthy will not get better.
const TOLERATED_RESTARTS: u32 = 3;
const SHOWN_LINES: usize = 20;

pub(crate) async fn run(instance: &Instance) -> anyhow::Result<()> {
    let progress = Progress::start();
    fs::create_dir_all(&instance.state)?;
    let _lock = exclusive(instance)?;
    if runs_as_wanted(instance, progress)? && is_healthy(instance).await? {
        return refresh(instance, progress).await;
    }
    let prepared = parts::prepare(instance, progress).await?;
    if instance.mode.watch {
        watched_functions::build(instance, progress).await?;
    }
    let ready_to_start = progress.elapsed();
    if let Err(error) = start(instance, &prepared, progress).await {
        down::stop(instance).await?;
        return Err(error.context("the platform is not up; what was started is stopped again"));
    }
    let seconds = progress.elapsed().saturating_sub(ready_to_start).as_secs_f64();
    progress.say(format!("the platform {} is up, {seconds:.1} s after everything was built", instance.name));
    Ok(())
}

/// One `up` or `down` at a time.
pub(super) fn exclusive(instance: &Instance) -> anyhow::Result<Lock> {
    let path = instance.state.join("command.lock");
    let lock = lock::try_hold(&path)?;
    lock.with_context(|| format!("another up or down of {} is at work: wait for it to end", instance.name))
}

/// Written when everything is installed: what from.
fn installed_file(instance: &Instance) -> PathBuf {
    instance.state.join("installed")
}

fn runs_as_wanted(instance: &Instance, progress: Progress) -> anyhow::Result<bool> {
    if lock::holder(&node::lock_file(instance))?.is_none() {
        return Ok(false);
    }
    let (running, wanted) = (instance.as_it_runs()?.mode, &instance.mode);
    if running != *wanted {
        progress.say(format!("the platform runs {running}; it is started anew {wanted}"));
    }
    Ok(running == *wanted)
}

async fn is_healthy(instance: &Instance) -> anyhow::Result<bool> {
    if lock::holder(&node::lock_file(instance))?.is_none() || !installed_file(instance).exists() {
        return Ok(false);
    }
    let (asked, deadline) = (SystemTime::now(), Instant::now() + RECOVERY_LIMIT);
    while !status::read_newer(instance, asked).is_some_and(|status| status.all_healthy()) {
        if Instant::now() > deadline || lock::holder(&node::lock_file(instance))?.is_none() {
            return Ok(false);
        }
        sleep(PERIOD).await;
    }
    Ok(true)
}

/// Brings a running platform to what the project's folder says now.
async fn refresh(instance: &Instance, progress: Progress) -> anyhow::Result<()> {
    let fingerprint = install::fingerprint(instance)?;
    if fs::read_to_string(installed_file(instance))? != fingerprint {
        progress.say("the platform is up; functions, chart or template have changed and are installed");
        install::all(instance, progress).await?;
        fs::write(installed_file(instance), fingerprint)?;
    } else if instance.mode.cluster != Cluster::Own {
        // Somebody else's cluster may give tokens for a day only: this one's successor.
        install::register(instance, progress).await?;
    }
    if instance.mode.watch {
        watched_functions::wait_for_answers(instance, progress).await?;
    }
    progress.say(format!("the platform {} is up", instance.name));
    Ok(())
}

async fn start(instance: &Instance, prepared: &Prepared, progress: Progress) -> anyhow::Result<()> {
    down::stop(instance).await?;
    clear(&instance.state)?;
    instance.mode.remember(&instance.state)?;
    fs::create_dir_all(instance.logs())?;
    certificates::issue(instance)?;
    if instance.mode.cluster == Cluster::Own {
        kubeconfig::for_administrator(instance)?;
    }
    if let Some(root) = &prepared.container_root {
        copy(root, &containerd::root(instance)).await?;
    }
    progress.say("starting the parts");
    start_supervisor(instance)?;
    let mut told = Vec::new();
    wait_until(instance, progress, &mut told, NodeStatus::ready_for_installation).await?;
    install::all(instance, progress).await?;
    wait_until(instance, progress, &mut told, NodeStatus::all_healthy).await?;
    if instance.mode.watch {
        watched_functions::wait_for_answers(instance, progress).await?;
    }
    Ok(fs::write(installed_file(instance), install::fingerprint(instance)?)?)
}

/// A start begins with nothing but the programs; locks are held by their files, which have to stay.
fn clear(state: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(state)? {
        let path = entry?.path();
        if path.ends_with("bin") || path.extension().is_some_and(|extension| extension == "lock") {
            continue;
        }
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.with_context(|| format!("{} cannot be removed", path.display()))?;
    }
    Ok(())
}

async fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let mut copy = program("cp", &["--archive", "--reflink=auto"]);
    output(copy.arg(from).arg(to), Duration::from_mins(2)).await.map(drop)
}

/// In a session of its own, so that it outlives the terminal.
fn start_supervisor(instance: &Instance) -> anyhow::Result<()> {
    let log = File::create(instance.logs().join("supervisor.log"))?;
    let mut command = Command::new("setsid");
    command.arg(env::current_exe()?).arg("supervise").current_dir(&instance.project);
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    command.spawn().context("the supervisor cannot be started").map(drop)
}

async fn wait_until(
    instance: &Instance,
    progress: Progress,
    told: &mut Vec<String>,
    is_reached: fn(&NodeStatus) -> bool,
) -> anyhow::Result<()> {
    let deadline = Instant::now() + HEALTHY_LIMIT;
    let mut seen_running = false;
    loop {
        let running = lock::holder(&node::lock_file(instance))?.is_some();
        if seen_running && !running {
            bail!("the node ended:\n{}", log_end(instance, "supervisor"));
        }
        seen_running |= running;
        let status = status::read(instance).unwrap_or_default();
        tell_healthy(&status, told, progress);
        if is_reached(&status) {
            return Ok(());
        }
        check_for_failure(instance, &status, Instant::now() > deadline)?;
        sleep(PERIOD).await;
    }
}

fn tell_healthy(status: &NodeStatus, told: &mut Vec<String>, progress: Progress) {
    for (name, part) in status.in_order() {
        if part.state == State::Healthy && !told.iter().any(|earlier| earlier == name) {
            progress.say(format!("{name} is healthy"));
            told.push(name.to_owned());
        }
    }
}

fn check_for_failure(instance: &Instance, status: &NodeStatus, too_late: bool) -> anyhow::Result<()> {
    let given_up = |part: &PartStatus| part.state == State::Failed || part.restarts >= TOLERATED_RESTARTS;
    let is_missing = |part: &PartStatus| too_late && part.state != State::Healthy;
    if let Some((name, part)) = status.in_order().find(|(_, part)| given_up(part) || is_missing(part)) {
        let reason = part.reason.as_deref().unwrap_or("it has no result yet");
        bail!("{name} does not become healthy: {reason}. The end of its log:\n{}", log_end(instance, name));
    }
    if too_late {
        bail!("the node does not start:\n{}", log_end(instance, "supervisor"));
    }
    Ok(())
}

fn log_end(instance: &Instance, name: &str) -> String {
    let log = fs::read(instance.logs().join(format!("{name}.log"))).unwrap_or_default();
    last_lines(&String::from_utf8_lossy(&log), SHOWN_LINES)
}
