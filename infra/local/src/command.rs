//! Runs programs to their end, and says what they said when they fail.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::process::Command;
use tokio::time::timeout;

/// So many last lines of a failing program's output are shown.
const SHOWN_LINES: usize = 25;

/// Runs a program and returns its standard output.
pub(crate) async fn output(command: &mut Command, limit: Duration) -> anyhow::Result<String> {
    let name = described(command);
    command.stdin(Stdio::null()).kill_on_drop(true);
    let finished = timeout(limit, command.output()).await;
    let finished = finished.with_context(|| format!("{name} did not end within {} s", limit.as_secs()))?;
    let finished = finished.with_context(|| format!("{name} cannot be started"))?;
    if !finished.status.success() {
        let said = [finished.stdout, finished.stderr].concat();
        bail!("{name} failed ({}):\n{}", finished.status, last_lines(&String::from_utf8_lossy(&said), SHOWN_LINES));
    }
    Ok(String::from_utf8_lossy(&finished.stdout).into_owned())
}

pub(crate) fn program(name: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments);
    command
}

pub(crate) fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].iter().flat_map(|line| ["    ", line, "\n"]).collect()
}

fn described(command: &Command) -> String {
    let command = command.as_std();
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let arguments = command.get_args().take(4).map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ");
    format!("`{} {arguments}`", program.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{last_lines, output, program};

    #[test]
    fn only_the_last_lines_are_kept() {
        assert_eq!(last_lines("a\nb\nc\n", 2), "    b\n    c\n");
        assert_eq!(last_lines("", 2), "");
    }

    #[tokio::test]
    async fn a_failing_program_is_named_with_what_it_said() {
        let failed = output(&mut program("sh", &["-c", "echo reason >&2; exit 3"]), Duration::from_secs(5)).await;
        let message = failed.unwrap_err().to_string();
        assert!(message.contains("sh -c") && message.contains("reason"), "{message}");
    }

    #[tokio::test]
    async fn a_program_that_hangs_is_given_up() {
        let failed = output(&mut program("sleep", &["60"]), Duration::from_millis(50)).await;
        assert!(failed.unwrap_err().to_string().contains("did not end"));
    }
}
