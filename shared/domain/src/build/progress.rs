//! What happens during a build, one line of JSON each: the live log, and the log that stays.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::BuildFailureReason;
use crate::image::ImageDigest;
use crate::naming::ComponentName;

/// One line of a build's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildEvent {
    /// When it happened.
    pub at: Timestamp,
    /// The component, unless it is about the build as a whole.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub component: Option<ComponentName>,
    /// What happened.
    #[serde(flatten)]
    pub what: Happening,
}

/// What happened. Steps are counted from 1 within their component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Happening {
    /// The platform did something.
    Note {
        /// In words.
        text: String,
    },
    /// A step has begun.
    StepStarted {
        /// The step.
        step: u32,
        /// As the Dockerfile has it.
        name: String,
    },
    /// A step is done.
    StepFinished {
        /// The step.
        step: u32,
        /// As the Dockerfile has it.
        name: String,
        /// Whether it was taken from an earlier build.
        cached: bool,
        /// How long it took.
        ms: u64,
    },
    /// A step went wrong.
    StepFailed {
        /// The step.
        step: u32,
        /// As the Dockerfile has it.
        name: String,
        /// Why.
        text: String,
    },
    /// A step printed a line.
    Log {
        /// The step.
        step: u32,
        /// The line.
        text: String,
    },
    /// How far it is.
    Progress {
        /// Of the component, in hundredths.
        percent: u8,
        /// How long it will probably still take; absent at a first build.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        remaining_ms: Option<u64>,
    },
    /// A component has its image.
    Built {
        /// What was pushed.
        digest: ImageDigest,
        /// How many steps it had.
        steps: u32,
        /// How many of them were taken from an earlier build.
        cached_steps: u32,
        /// How long it took.
        ms: u64,
    },
    /// A component, or the whole build, failed.
    Failed {
        /// The kind of failure.
        reason: BuildFailureReason,
        /// What happened.
        text: String,
    },
    /// The log was longer than what is kept: here some is missing.
    Dropped {
        /// So many lines.
        lines: u64,
        /// So many bytes.
        bytes: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_flat_line() {
        let event = BuildEvent {
            at: "2026-11-21T15:00:00Z".parse().unwrap(),
            component: Some(ComponentName::parse("web").unwrap()),
            what: Happening::StepFinished { step: 2, name: "[2/3] RUN make".to_owned(), cached: true, ms: 0 },
        };
        let line = serde_json::to_string(&event).unwrap();
        let expected = r#"{"at":"2026-11-21T15:00:00Z","component":"web","kind":"step-finished","step":2,"name":"[2/3] RUN make","cached":true,"ms":0}"#;
        assert_eq!(line, expected);
        assert_eq!(serde_json::from_str::<BuildEvent>(&line).unwrap(), event);
    }
}
