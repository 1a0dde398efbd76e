//! Shows what a function wrote, which the emulator keeps as `CloudWatch` Logs does.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Write, stdout};
use std::time::Duration;

use anyhow::anyhow;
use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::error::{DisplayErrorContext, SdkError};
use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;

use super::SHOWN_LINES;
use crate::install::aws;
use crate::instance::Instance;

const PERIOD: Duration = Duration::from_millis(500);
/// Lines are stamped before they are kept: one may appear after a later one, in milliseconds.
const OVERLAP_MILLIS: i64 = 2000;

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Line {
    millis: i64,
    stream: String,
    message: String,
}

/// Tells lines apart from those that an earlier, overlapping question has brought.
#[derive(Default)]
struct Seen {
    lines: BTreeSet<Line>,
}

/// Ends by itself only without `follow`.
pub(super) async fn show(instance: &Instance, function: &str, follow: bool) -> anyhow::Result<()> {
    let client = Client::new(&aws::configuration(instance).await);
    let mut seen = Seen::default();
    let lines = seen.new_of(lines(&client, function, 0).await?);
    if lines.is_empty() {
        eprintln!("{function} has not run yet");
    }
    let mut is_read = print(&lines[lines.len().saturating_sub(SHOWN_LINES)..])?;
    while follow && is_read {
        tokio::time::sleep(PERIOD).await;
        is_read = print(&seen.new_of(self::lines(&client, function, seen.since()).await?))?;
    }
    Ok(())
}

async fn lines(client: &Client, function: &str, since_millis: i64) -> anyhow::Result<Vec<Line>> {
    let request = client.filter_log_events().log_group_name(format!("/aws/lambda/{function}"));
    let pages = request.start_time(since_millis).into_paginator().send();
    match pages.collect::<Result<Vec<_>, _>>().await {
        Ok(pages) => Ok(pages.into_iter().flat_map(|page| page.events.unwrap_or_default()).filter_map(line).collect()),
        // The group is made by the first invocation.
        Err(SdkError::ServiceError(error)) if error.err().is_resource_not_found_exception() => Ok(Vec::new()),
        Err(error) => Err(anyhow!("the log of {function} cannot be read: {}", DisplayErrorContext(error))),
    }
}

fn line(event: FilteredLogEvent) -> Option<Line> {
    let (stream, message) = (event.log_stream_name.unwrap_or_default(), event.message?);
    Some(Line { millis: event.timestamp?, stream, message })
}

impl Seen {
    fn new_of(&mut self, lines: Vec<Line>) -> Vec<Line> {
        let mut new: Vec<Line> = lines.into_iter().filter(|line| !self.lines.contains(line)).collect();
        // Within one millisecond they stay in the order in which they were written.
        new.sort_by_key(|line| line.millis);
        self.lines.extend(new.iter().cloned());
        let since = self.since();
        self.lines.retain(|line| line.millis >= since);
        new
    }

    fn since(&self) -> i64 {
        self.lines.last().map_or(0, |line| line.millis - OVERLAP_MILLIS)
    }
}

/// `false` as soon as nobody reads any more.
fn print(lines: &[Line]) -> io::Result<bool> {
    let text: String = lines.iter().flat_map(|line| [line.message.trim_end(), "\n"]).collect();
    match stdout().write_all(text.as_bytes()).and_then(|()| stdout().flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true),
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, OVERLAP_MILLIS, Seen};

    fn line(millis: i64, message: &str) -> Line {
        Line { millis, stream: "s".to_owned(), message: message.to_owned() }
    }

    #[test]
    fn a_line_that_comes_again_is_shown_once() {
        let mut seen = Seen::default();
        assert_eq!(seen.new_of(vec![line(5001, "b"), line(5000, "a")]), [line(5000, "a"), line(5001, "b")]);
        assert_eq!(seen.new_of(vec![line(5000, "a"), line(5001, "b"), line(5001, "c")]), [line(5001, "c")]);
    }

    #[test]
    fn a_line_that_is_late_is_not_missed() {
        let mut seen = Seen::default();
        seen.new_of(vec![line(9000, "b")]);
        assert_eq!(seen.since(), 9000 - OVERLAP_MILLIS);
        assert_eq!(seen.new_of(vec![line(8999, "a"), line(9000, "b")]), [line(8999, "a")]);
    }

    #[test]
    fn lines_too_old_to_come_again_are_forgotten() {
        let mut seen = Seen::default();
        seen.new_of(vec![line(1, "a"), line(9000, "b")]);
        assert_eq!(seen.lines.len(), 1);
    }
}
