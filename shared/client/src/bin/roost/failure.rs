//! Why a command came to nothing, and what to do about it.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use roost_client::{ClientError, PackError};
use serde_json::{Value, json};

use crate::exit::Exit;

const SIGN_IN: &str = "Run `roost login`, or set ROOST_TOKEN to a token that is good.";

/// Why a command came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Pack(#[from] PackError),
    #[error("nobody is signed in")]
    NotSignedIn,
    #[error("it is not known where the API is")]
    NoApi,
    #[error("there is no token")]
    NoToken,
    #[error("{0:?} is no name for a project")]
    NoProject(String),
    #[error("no earlier release of {0} was live")]
    NothingEarlier(String),
    #[error("{0} has no release yet")]
    NoRelease(String),
    #[error("it has not ended after {0}")]
    Unfinished(String),
    #[error("{path} cannot be used")]
    Settings { path: PathBuf, source: io::Error },
    #[error("there is no directory for settings")]
    NoHome,
    #[error("the terminal, or what is in its place, cannot be used")]
    Output(#[from] io::Error),
}

impl CommandError {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Client(error) => error.into(),
            Self::Pack(PackError::NoDirectory(_) | PackError::NoConfig(_) | PackError::ConfigIgnored)
            | Self::NoApi
            | Self::NoToken
            | Self::NoProject(_) => Exit::Usage,
            Self::NotSignedIn => Exit::NotAllowed,
            Self::NothingEarlier(_) | Self::NoRelease(_) => Exit::NotFound,
            Self::Unfinished(_) => Exit::Unavailable,
            Self::Pack(_) | Self::Settings { .. } | Self::NoHome | Self::Output(_) => Exit::Failed,
        }
    }

    /// Whoever read the output wants no more of it, as `head` does.
    pub(crate) fn is_lost_reader(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The problem as the platform told it, or in the same form.
    pub(crate) fn document(&self) -> Value {
        if let Self::Client(ClientError::Refused(problem)) = self {
            let mut document = serde_json::to_value(problem).unwrap_or_default();
            if problem.status == 401 {
                // The platform tells programs which header to send.
                document["remedy"] = SIGN_IN.into();
            }
            return document;
        }
        json!({"type": "about:blank", "title": self.title(), "detail": self.detail(), "remedy": self.remedy()})
    }

    fn title(&self) -> &'static str {
        match self.exit() {
            Exit::Usage => "It cannot be done in this way",
            Exit::NotAllowed => "Nobody is signed in",
            Exit::NotFound => "There is no such thing",
            Exit::Unavailable => "Not at the moment",
            Exit::Done | Exit::Failed => "It has failed",
        }
    }

    /// With all that led to it.
    fn detail(&self) -> String {
        let mut detail = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            let text = error.to_string();
            if !detail.contains(&text) {
                detail = format!("{detail}: {text}");
            }
            cause = error.source();
        }
        detail
    }

    fn remedy(&self) -> &'static str {
        match self {
            Self::Pack(error) => error.remedy(),
            Self::Client(error) => of_client(error),
            Self::NotSignedIn => SIGN_IN,
            Self::NoApi => "Name it: `roost login --api https://…`, or set ROOST_API_URL.",
            Self::NoToken => "Give it on the standard input, `roost login --token - < file`, or in ROOST_TOKEN.",
            Self::NoProject(_) => {
                "Name the project: `--project shop`, or ROOST_PROJECT. Names have 1 to 40 lower-case letters, digits and \
                 `-`, not at the ends."
            }
            Self::NoRelease(_) => "`roost deploy` makes one.",
            Self::NothingEarlier(_) => "`roost releases` lists them; name one with `--to`.",
            Self::Unfinished(_) => "It goes on without this command: `roost releases` tells how far it is.",
            Self::Settings { .. } | Self::NoHome => "Make it readable and writable, or set XDG_CONFIG_HOME.",
            Self::Output(_) => "Look where the input comes from and the output goes.",
        }
    }
}

fn of_client(error: &ClientError) -> &'static str {
    match error {
        ClientError::Unreachable { .. } => {
            "Check the network, the API's address, and ROOST_CA_FILE if the platform's certificate is its own; try again."
        }
        ClientError::Address(_) => "Write it like `https://api.example.com`.",
        ClientError::InTheClear(_) => "Use the API's `https` address.",
        ClientError::Authority { .. } => "ROOST_CA_FILE has to name a file with certificates in PEM.",
        ClientError::NoSingleUser => "Use a token of one user.",
        _ => "Try again; if it happens again, tell the platform's operator when it was.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_wrong_here_looks_like_what_goes_wrong_there() {
        let error = CommandError::Pack(PackError::NoConfig("app".into()));
        let document = error.document();
        assert_eq!(document["detail"], "there is no platform-config.yaml in app");
        assert!(document["remedy"].as_str().unwrap().contains("roost deploy"), "{document}");
        assert_eq!(error.exit(), Exit::Usage);
    }

    #[test]
    fn who_is_not_known_is_told_how_to_sign_in() {
        let problem = json!({"type": "t", "title": "Nobody is signed in", "status": 401, "remedy": "Send a header."});
        let problem = Box::new(serde_json::from_value(problem).unwrap());
        let document = CommandError::Client(ClientError::Refused(problem)).document();
        assert_eq!((&document["title"], &document["remedy"]), (&json!("Nobody is signed in"), &json!(SIGN_IN)));
    }

    #[test]
    fn causes_are_told() {
        let source = io::Error::other("no space is left");
        let error = CommandError::Settings { path: "/etc/roost".into(), source };
        assert_eq!(error.detail(), "/etc/roost cannot be used: no space is left");
    }

    #[test]
    fn a_lost_reader_is_no_failure() {
        assert!(CommandError::Output(io::ErrorKind::BrokenPipe.into()).is_lost_reader());
        assert!(!CommandError::NotSignedIn.is_lost_reader());
    }
}
