//! Shows what apps print.

use std::time::Duration;

use jiff::Timestamp;
use roost_client::{AppLogs, LogPart};
use tokio::time::{Instant, sleep_until};

use super::{Asking, Ended};
use crate::arguments::Logs;
use crate::exit::Exit;
use crate::failure::CommandError;
use crate::rendering;

/// As long as the API waits for a line.
const WAIT_SECONDS: u32 = 20;
/// As many as the API gives at once.
const MOST_LINES: u32 = 2_000;
/// An app that prints without end is asked no more often than this.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

impl Asking<'_> {
    pub(super) async fn show_logs(&self, arguments: Logs) -> Ended {
        let project = self.project(arguments.of)?;
        let Logs { follow, previous, since, tail, .. } = arguments;
        let mut part = LogPart { previous, since, tail, wait: 0 };
        loop {
            let next_look = Instant::now() + BETWEEN_LOOKS;
            let printed = self.account.logs(&project, &part).await?;
            self.show(&printed)?;
            if !follow {
                return Ok(Exit::Done);
            }
            // From the beginning on if nothing was printed so far: what comes first is new, too.
            let since = printed.next.or(part.since).unwrap_or(Timestamp::UNIX_EPOCH);
            part = LogPart { since: Some(since), tail: Some(MOST_LINES), wait: WAIT_SECONDS, ..part };
            sleep_until(next_look).await;
        }
    }

    fn show(&self, printed: &AppLogs) -> Result<(), CommandError> {
        printed.lines.iter().try_for_each(|line| self.output.result(line, || rendering::log_line(line)))
    }
}
