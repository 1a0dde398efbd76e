//! Whether the BuildKit daemon is there.

use std::process::Stdio;
use std::time::Duration;

use roost_domain::build::{BuildFailure, BuildFailureReason};
use tokio::process::Command;
use tokio::time::{Instant, sleep, timeout};

use crate::buildctl::arguments;
use crate::settings::Settings;

/// A daemon that is replaced or started with the Job is there by then.
const LIMIT: Duration = Duration::from_secs(90);
const CALL_LIMIT: Duration = Duration::from_secs(10);
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Returns as soon as the daemon answers.
pub(crate) async fn wait_until_answering(settings: &Settings) -> Result<(), BuildFailure> {
    let deadline = Instant::now() + LIMIT;
    let mut pause = SHORTEST_PAUSE;
    while !answers(settings).await {
        if Instant::now() > deadline {
            let message = format!("The builder has not answered for {} s.", LIMIT.as_secs());
            return Err(BuildFailure::new(BuildFailureReason::BuilderUnreachable, message));
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    Ok(())
}

/// Whether a build failed because the daemon went away.
pub(crate) fn is_gone(reason: BuildFailureReason) -> bool {
    matches!(reason, BuildFailureReason::BuilderLost | BuildFailureReason::BuilderUnreachable)
}

async fn answers(settings: &Settings) -> bool {
    let mut command = Command::new(&settings.buildctl);
    command.args(arguments::connection(settings)).args(["debug", "workers"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    matches!(timeout(CALL_LIMIT, command.status()).await, Ok(Ok(status)) if status.success())
}
