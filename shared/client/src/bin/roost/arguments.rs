//! What can be asked for on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::{SignedDuration, Timestamp};
use roost_domain::naming::ProjectName;
use roost_domain::release::ReleaseNumber;

use crate::exit::HELP;

/// Builds, runs and looks after apps on Roost.
#[derive(Debug, Parser)]
#[command(name = "roost", version, after_help = HELP)]
pub(crate) struct Arguments {
    /// Write for programs: JSON, one value a line
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sign in with a token, from the standard input or from `ROOST_TOKEN`
    Login(Login),
    /// Pack a directory, send it, and follow its release to the app's address
    Deploy(Deploy),
    /// Show what the app prints
    Logs(Logs),
    /// List projects
    Ps,
    /// Tell how the app is, and what is in its way
    Status(OfProject),
    /// Wake the app now
    Wake(OfProject),
    /// Put the app to sleep as soon as nobody uses it
    Sleep(OfProject),
    /// List the agents that projects may run
    Agents,
    /// Begin a project that runs an agent, and start it
    Begin(Begin),
    /// Tell the project's agent something, and show its answer as it comes
    Message(Message),
    /// Keep the app awake for a time, or no longer
    KeepAwake(KeepAwake),
    /// Run an earlier release again
    Rollback(Rollback),
    /// Stop a release that is under way
    Cancel(OneRelease),
    /// Show how a release is built, to the end
    BuildLog(OneRelease),
    /// End a project, with its volumes and all else that is its own
    Delete(Delete),
    /// List releases, the newest first
    Releases(Listing),
    /// Tell what happened, the newest first; to everything unless a project is named
    Events(Listing),
    /// Make, list and take back tokens for programs
    #[command(subcommand)]
    Tokens(Tokens),
    /// Tell what is used of the plan, and what would be after a change
    Usage(UsageAfter),
}

#[derive(Debug, Args)]
pub(crate) struct Login {
    /// Where the API is [default: `ROOST_API_URL`, or as last time]
    #[arg(long, value_name = "URL")]
    pub(crate) api: Option<String>,
    /// `-` reads the token from the standard input, even if `ROOST_TOKEN` is set
    #[arg(long, value_parser = ["-"])]
    pub(crate) token: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct OfProject {
    /// The project [default: `ROOST_PROJECT`, or as the directory remembers it, or its name]
    #[arg(long, value_parser = ProjectName::parse)]
    pub(crate) project: Option<ProjectName>,
}

#[derive(Debug, Args)]
pub(crate) struct UsageAfter {
    /// If this project were woken
    #[arg(long, value_parser = ProjectName::parse, value_name = "PROJECT")]
    pub(crate) waking: Option<ProjectName>,
    /// If a new project ran this agent
    #[arg(long, conflicts_with = "waking")]
    pub(crate) agent: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Begin {
    #[command(flatten)]
    pub(crate) of: OfProject,
    /// One of those that `roost agents` lists
    #[arg(long)]
    pub(crate) agent: String,
}

#[derive(Debug, Args)]
pub(crate) struct Message {
    /// What to tell it; `-` reads it from the standard input
    pub(crate) text: String,
    #[command(flatten)]
    pub(crate) of: OfProject,
}

#[derive(Debug, Args)]
pub(crate) struct Deploy {
    /// The directory that has the platform-config.yaml
    #[arg(default_value = ".")]
    pub(crate) directory: PathBuf,
    #[command(flatten)]
    pub(crate) of: OfProject,
    /// How long to follow the release
    #[arg(long, default_value = "30m", value_parser = duration, value_name = "DURATION")]
    pub(crate) timeout: SignedDuration,
}

#[derive(Debug, Args)]
pub(crate) struct Logs {
    #[command(flatten)]
    pub(crate) of: OfProject,
    /// Go on until interrupted
    #[arg(short, long, conflicts_with = "previous")]
    pub(crate) follow: bool,
    /// What was printed before the containers were last started again
    #[arg(long)]
    pub(crate) previous: bool,
    /// Only what is newer: `10m`, `2h`, or a time such as `2026-01-31T12:00:00Z`
    #[arg(long, value_parser = since, value_name = "WHEN")]
    pub(crate) since: Option<Timestamp>,
    /// The last lines of each container, 1 to 2000
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=2000), value_name = "LINES")]
    pub(crate) tail: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct Rollback {
    #[command(flatten)]
    pub(crate) of: OfProject,
    /// The release, such as `3` or `r3` [default: the one that was live before]
    #[arg(long, value_parser = release, value_name = "RELEASE")]
    pub(crate) to: Option<ReleaseNumber>,
}

#[derive(Debug, Args)]
pub(crate) struct OneRelease {
    #[command(flatten)]
    pub(crate) of: OfProject,
    /// The release, such as `3` or `r3` [default: the newest]
    #[arg(long, value_parser = release, value_name = "RELEASE")]
    pub(crate) release: Option<ReleaseNumber>,
}

#[derive(Debug, Args)]
pub(crate) struct KeepAwake {
    #[command(flatten)]
    pub(crate) of: OfProject,
    /// For how long, at most a week
    #[arg(long = "for", value_parser = duration, value_name = "DURATION", required_unless_present = "no_longer")]
    pub(crate) duration: Option<SignedDuration>,
    /// Let it sleep as usual again
    #[arg(long, conflicts_with = "duration")]
    pub(crate) no_longer: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// The project: what ends is named each time
    #[arg(value_parser = ProjectName::parse)]
    pub(crate) project: ProjectName,
}

#[derive(Debug, Args)]
pub(crate) struct Listing {
    #[command(flatten)]
    pub(crate) of: OfProject,
    /// How many at most
    #[arg(long, default_value_t = 20)]
    pub(crate) limit: u16,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Tokens {
    /// Make a token; it is shown this once
    Create {
        /// What to call it
        name: String,
        /// The one project it is for [default: all]
        #[arg(long, value_parser = ProjectName::parse)]
        project: Option<ProjectName>,
        /// How many days it is good, 1 to 365 [default: 30]
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..=365))]
        days: Option<u16>,
    },
    /// List tokens
    List,
    /// Take a token back: at once it is worth nothing
    Revoke {
        /// Its id, as the list shows it
        id: String,
    },
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ArgumentError {
    #[error("write it like `90s`, `10m` or `2h`")]
    Duration,
    #[error("write it like `10m` or `2h`, or as a time: `2026-01-31T12:00:00Z`")]
    Since,
    #[error("write it like `3` or `r3`")]
    Release,
}

fn duration(text: &str) -> Result<SignedDuration, ArgumentError> {
    let duration: SignedDuration = text.parse().map_err(|_| ArgumentError::Duration)?;
    if duration.is_positive() { Ok(duration) } else { Err(ArgumentError::Duration) }
}

fn since(text: &str) -> Result<Timestamp, ArgumentError> {
    if let Ok(time) = text.parse() {
        return Ok(time);
    }
    let duration = duration(text).map_err(|_| ArgumentError::Since)?;
    Timestamp::now().checked_sub(duration).map_err(|_| ArgumentError::Since)
}

fn release(text: &str) -> Result<ReleaseNumber, ArgumentError> {
    let digits = text.trim_start_matches('r');
    ReleaseNumber::parse(&format!("r{digits}")).map_err(|_| ArgumentError::Release)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn durations_are_read_as_people_write_them() {
        let minutes = |text| duration(text).ok().map(|duration| duration.as_secs());
        assert_eq!(minutes("10m"), Some(600));
        assert_eq!(minutes("90s"), Some(90));
        assert_eq!(minutes("1h30m"), Some(5_400));
        for text in ["", "10", "-5m", "0s", "soon", "m"] {
            assert_eq!(minutes(text), None, "{text:?}");
        }
    }

    #[test]
    fn since_is_a_duration_or_a_time() {
        let ten_minutes_ago = Timestamp::now() - SignedDuration::from_mins(10);
        let difference = since("10m").unwrap().duration_since(ten_minutes_ago).abs();
        assert!(difference < SignedDuration::from_secs(5), "{difference}");
        assert_eq!(since("2026-01-31T12:00:00Z").unwrap().as_second(), 1_769_860_800);
        assert!(since("yesterday").is_err());
    }

    #[test]
    fn a_release_is_named_with_or_without_its_letter() {
        assert_eq!(release("3").unwrap(), release("r3").unwrap());
        assert!(release("0").is_err() && release("r").is_err() && release("-1").is_err());
    }

    #[test]
    fn what_ends_is_named() {
        assert!(Arguments::try_parse_from(["roost", "delete"]).is_err());
        assert!(Arguments::try_parse_from(["roost", "delete", "shop"]).is_ok());
        assert!(Arguments::try_parse_from(["roost", "keep-awake"]).is_err());
        assert!(Arguments::try_parse_from(["roost", "keep-awake", "--for", "2h", "--no-longer"]).is_err());
    }

    #[test]
    fn a_token_is_never_an_argument() {
        assert!(Arguments::try_parse_from(["roost", "login", "--token", "roost_abc"]).is_err());
        assert!(Arguments::try_parse_from(["roost", "login", "--token", "-", "--json"]).is_ok());
    }
}
