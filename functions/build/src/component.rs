//! One component: a run of buildctl, followed to its end.

use std::fs;
use std::io;
use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;
use roost_domain::build::{
    BuildFailure, BuildFailureReason, BuildOrder, BuiltComponent, Happening, OrderedComponent, Standing, estimate,
};
use roost_domain::image::ImageDigest;
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::buildctl::epilogue::Epilogue;
use crate::buildctl::steps::{FailedStep, Steps};
use crate::buildctl::{arguments, solve_status, verdict};
use crate::builder;
use crate::journal::Journal;
use crate::settings::Settings;
use crate::stop::{Stop, Stopper};

const PROGRESS_PERIOD: Duration = Duration::from_secs(2);
/// The daemon stops a step at once; a buildctl that has not ended by then hangs.
const STOPPING_LIMIT: Duration = Duration::from_secs(10);
const FOREVER: Duration = Duration::from_hours(24);
/// A daemon that ends takes all builds with it, whoever's fault it was; the second time it is probably this build's.
const ATTEMPTS: u32 = 2;

/// What every component's build needs.
pub(crate) struct Surroundings {
    pub(crate) settings: Settings,
    pub(crate) order: BuildOrder,
    pub(crate) journal: Journal,
    pub(crate) stopper: Stopper,
}

/// How a component's build ended.
pub(crate) enum Outcome {
    Built(BuiltComponent),
    Failed(BuildFailure),
    /// It was told to stop, in this step.
    Stopped(Option<FailedStep>),
}

/// What buildctl says of what it pushed.
#[derive(Deserialize)]
struct Metadata {
    #[serde(rename = "containerimage.digest")]
    digest: ImageDigest,
}

/// A run of buildctl.
struct Run<'a> {
    around: &'a Surroundings,
    component: &'a OrderedComponent,
    begun: Instant,
    steps: Steps,
    epilogue: Epilogue,
    told: Option<Happening>,
}

/// Builds and pushes a component.
pub(crate) async fn build(around: &Surroundings, component: &OrderedComponent) -> Outcome {
    for attempt in 1.. {
        if let Some(outcome) = await_builder(around).await {
            return outcome;
        }
        let outcome = Run::new(around, component).execute().await;
        let is_lost = matches!(&outcome, Ok(Outcome::Failed(failure)) if builder::is_gone(failure.reason));
        if is_lost && attempt < ATTEMPTS {
            let text = "The builder ended during the build; once more, from the steps that were done.".to_owned();
            around.journal.record(Some(&component.name), Timestamp::now(), Happening::Note { text });
            continue;
        }
        let internal = |error: io::Error| BuildFailure::new(BuildFailureReason::Internal, error.to_string());
        return outcome.unwrap_or_else(|error| Outcome::Failed(internal(error)));
    }
    Outcome::Stopped(None)
}

async fn await_builder(around: &Surroundings) -> Option<Outcome> {
    tokio::select! {
        answer = builder::wait_until_answering(&around.settings) => answer.err().map(Outcome::Failed),
        _ = around.stopper.stopped() => Some(Outcome::Stopped(None)),
    }
}

impl<'a> Run<'a> {
    fn new(around: &'a Surroundings, component: &'a OrderedComponent) -> Self {
        let (steps, epilogue) = (Steps::default(), Epilogue::default());
        Self { around, component, begun: Instant::now(), steps, epilogue, told: None }
    }

    async fn execute(mut self) -> io::Result<Outcome> {
        let Surroundings { settings, order, .. } = self.around;
        let mut command = Command::new(&settings.buildctl);
        command.args(arguments::build(order, self.component, settings));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let stopped_in = self.follow(&mut child).await?;
        if child.wait().await?.success() {
            return self.built().map(Outcome::Built);
        }
        let failed = self.steps.failed();
        Ok(match stopped_in {
            Some(step) if failed.is_none() => Outcome::Stopped(step),
            _ => Outcome::Failed(verdict::verdict(&self.epilogue, failed.as_ref())),
        })
    }

    /// Reads until buildctl has nothing more to say; returns the step it was stopped in, if it was stopped.
    async fn follow(&mut self, child: &mut Child) -> io::Result<Option<Option<FailedStep>>> {
        let Some(stderr) = child.stderr.take() else { return Ok(None) };
        let mut lines = BufReader::new(stderr).split(b'\n');
        let mut ticks = interval(PROGRESS_PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut stopped_in, mut kill_at) = (None, Instant::now() + FOREVER);
        loop {
            tokio::select! {
                line = lines.next_segment() => match line? {
                    Some(line) => self.take(&String::from_utf8_lossy(&line)),
                    None => return Ok(stopped_in),
                },
                _ = ticks.tick() => self.tell_progress(),
                _ = self.around.stopper.stopped(), if stopped_in.is_none() => {
                    stopped_in = Some(self.steps.running());
                    kill_at = Instant::now() + STOPPING_LIMIT;
                    terminate(child);
                }
                () = sleep_until(kill_at) => child.start_kill()?,
            }
        }
    }

    fn take(&mut self, line: &str) {
        let Some(status) = solve_status::parse(line) else { return self.epilogue.push(line) };
        for (at, what) in self.steps.take(status) {
            self.around.journal.record(Some(&self.component.name), at, what);
        }
    }

    fn tell_progress(&mut self) {
        let count = self.steps.count();
        let progress = estimate(&Standing {
            elapsed_ms: self.elapsed_ms(),
            expected_ms: self.component.expected_ms,
            steps_done: count.done,
            steps_known: count.known,
        });
        if self.told.as_ref() != Some(&progress) {
            self.around.journal.record(Some(&self.component.name), Timestamp::now(), progress.clone());
            self.told = Some(progress);
        }
    }

    fn built(&self) -> io::Result<BuiltComponent> {
        let metadata = fs::read(self.around.settings.metadata_file(&self.component.name))?;
        let metadata: Metadata = serde_json::from_slice(&metadata)?;
        let (name, count, ms) = (self.component.name.clone(), self.steps.count(), self.elapsed_ms());
        let built =
            BuiltComponent { name, digest: metadata.digest, steps: count.known, cached_steps: count.cached, ms };
        let what =
            Happening::Built { digest: built.digest.clone(), steps: built.steps, cached_steps: built.cached_steps, ms };
        self.around.journal.record(Some(&built.name), Timestamp::now(), what);
        Ok(built)
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Asks buildctl to end; it then asks the daemon to stop what it does for it.
fn terminate(child: &Child) {
    let process = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(process) = process {
        // It may have ended in this very moment.
        let _ = kill_process(process, Signal::TERM);
    }
}

/// What the owner is told of a component that was stopped.
pub(crate) fn stopped(component: &OrderedComponent, why: Stop, step: Option<&FailedStep>) -> Option<BuildFailure> {
    let doing = step.map_or("before its first step".to_owned(), |step| format!("at `{}`", step.name));
    let (reason, message) = match why {
        Stop::OtherFailed => return None,
        Stop::TimedOut => (BuildFailureReason::TimedOut, format!("The time for the build was over {doing}.")),
        Stop::Cancelled => (BuildFailureReason::Cancelled, format!("The build was stopped {doing}.")),
    };
    let failure = BuildFailure::new(reason, message).of(&component.name);
    let last_lines = step.map(verdict::last_lines).unwrap_or_default();
    Some(BuildFailure { step: step.map(|step| step.name.clone()), last_lines, ..failure })
}
