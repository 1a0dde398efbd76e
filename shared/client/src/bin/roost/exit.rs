//! How the command ends, for scripts to tell apart.

use std::process::ExitCode;

use roost_client::{ClientError, Problem};

/// What `--help` says of it.
pub(crate) const HELP: &str = "\
Exit codes:
  0  done
  1  it failed: the release did not come up, or what was asked for cannot be as things stand
  2  wrong usage
  3  not signed in, or not allowed
  4  there is no such thing
  5  the platform cannot be reached or is busy: try again

Environment:
  ROOST_API_URL  where the API is
  ROOST_TOKEN    a token, in place of the one that `roost login` keeps
  ROOST_PROJECT  the project, if --project does not name it
  ROOST_CA_FILE  certificates to trust besides the system's, such as a local platform's

With --json, what is asked for and what goes wrong are both written to the standard output.";

/// How the command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Done = 0,
    Failed = 1,
    Usage = 2,
    NotAllowed = 3,
    NotFound = 4,
    Unavailable = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<&ClientError> for Exit {
    fn from(error: &ClientError) -> Self {
        match error {
            ClientError::Refused(problem) => Self::from(&**problem),
            ClientError::Unreachable { .. } => Self::Unavailable,
            ClientError::NotTaken { status, .. } if *status >= 500 => Self::Unavailable,
            ClientError::Address(_) | ClientError::InTheClear(_) | ClientError::Authority { .. } => Self::Usage,
            ClientError::NoSingleUser => Self::NotAllowed,
            _ => Self::Failed,
        }
    }
}

impl From<&Problem> for Exit {
    fn from(problem: &Problem) -> Self {
        match problem.status {
            400 | 422 => Self::Usage,
            401 | 403 => Self::NotAllowed,
            404 => Self::NotFound,
            _ if problem.may_pass() || problem.status >= 500 => Self::Unavailable,
            _ => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_its_code() {
        let of = |status: u16, kind: &str| {
            let problem = serde_json::json!({"type": kind, "title": "", "status": status});
            Exit::from(&serde_json::from_value::<Problem>(problem).unwrap()) as u8
        };
        let codes =
            [400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 502, 503].map(|status| of(status, "about:blank"));
        assert_eq!(codes, [2, 3, 3, 4, 1, 1, 1, 2, 5, 5, 5, 5]);
        assert_eq!(of(409, "urn:roost:problem:in-progress"), 5);
    }

    #[test]
    fn help_names_every_code() {
        for exit in [Exit::Done, Exit::Failed, Exit::Usage, Exit::NotAllowed, Exit::NotFound, Exit::Unavailable] {
            assert!(HELP.contains(&format!("\n  {}  ", exit as u8)), "{exit:?}");
        }
    }
}
