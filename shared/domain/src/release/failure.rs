//! Why a release failed, in words for people and in a closed list for programs.

use serde::{Deserialize, Serialize};

use super::observation::{RollOutFailure, RollOutFailureReason};
use crate::build::{BuildFailure, BuildFailureReason};
use crate::naming::ComponentName;

/// The kind of a failure: each list's words are unlike the others'.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ReleaseFailureReason {
    /// It was not built.
    Build(BuildFailureReason),
    /// It did not come up.
    RollOut(RollOutFailureReason),
    /// The platform did not do its part.
    Platform(PlatformFailureReason),
}

/// What the platform can fail to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlatformFailureReason {
    /// The build ended without a word, and a second one too.
    BuildLost,
    /// The archive was never checked to the end.
    CheckLost,
    /// Its tenant has too many builds waiting.
    QueueFull,
    /// An image of an earlier release is not in the registry any more.
    ImageGone,
    /// Its owner took it back while it came up.
    TakenBack,
}

/// Why a release failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseFailure {
    /// The kind of failure.
    pub reason: ReleaseFailureReason,
    /// The component or object it happened to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub place: Option<String>,
    /// What happened.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
    /// The last lines that were logged before it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub last_lines: Vec<String>,
}

impl ReleaseFailure {
    /// A build that failed.
    #[must_use]
    pub fn of_build(failure: &BuildFailure) -> Self {
        let step = failure.step.as_ref().map(|step| format!(" in `{step}`")).unwrap_or_default();
        let line = failure.line.map(|line| format!(" (line {line})")).unwrap_or_default();
        Self {
            reason: ReleaseFailureReason::Build(failure.reason),
            place: failure.component.as_ref().map(ToString::to_string),
            message: format!("{}{step}{line}", failure.message),
            remedy: failure.reason.remedy().to_owned(),
            last_lines: failure.last_lines.clone(),
        }
    }

    /// Workloads that do not come up, with what they logged.
    #[must_use]
    pub fn of_roll_out(failure: RollOutFailure, last_lines: Vec<String>) -> Self {
        Self {
            reason: ReleaseFailureReason::RollOut(failure.reason),
            place: Some(failure.object),
            message: failure.message,
            remedy: failure.reason.remedy().to_owned(),
            last_lines,
        }
    }

    /// A failure of the platform's.
    #[must_use]
    pub fn of_platform(reason: PlatformFailureReason, place: Option<&ComponentName>) -> Self {
        let (message, remedy) = reason.explanation();
        Self {
            reason: ReleaseFailureReason::Platform(reason),
            place: place.map(ToString::to_string),
            message: message.to_owned(),
            remedy: remedy.to_owned(),
            last_lines: Vec::new(),
        }
    }
}

impl PlatformFailureReason {
    /// All reasons there are.
    pub const ALL: [Self; 5] = [Self::BuildLost, Self::CheckLost, Self::QueueFull, Self::ImageGone, Self::TakenBack];

    /// What it means, and what to do about it.
    #[must_use]
    pub fn explanation(self) -> (&'static str, &'static str) {
        match self {
            Self::BuildLost => (
                "the build ended without a result, twice",
                "Upload again; if it happens again, tell the platform's operator.",
            ),
            Self::CheckLost => ("the archive was not checked to its end", "Upload again."),
            Self::QueueFull => (
                "too many builds of yours are waiting already",
                "Wait until some of them have ended, or cancel them, and upload again.",
            ),
            Self::ImageGone => ("its image is not kept any more", "Upload the archive again: it is built anew."),
            Self::TakenBack => ("its owner took it back", "Nothing to do."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_word_whichever_list_it_is_from() {
        let reasons = [
            (ReleaseFailureReason::Build(BuildFailureReason::StepFailed), "\"step-failed\""),
            (ReleaseFailureReason::RollOut(RollOutFailureReason::CrashLoop), "\"crash-loop\""),
            (ReleaseFailureReason::Platform(PlatformFailureReason::BuildLost), "\"build-lost\""),
        ];
        for (reason, word) in reasons {
            assert_eq!(serde_json::to_string(&reason).unwrap(), word);
            assert_eq!(serde_json::from_str::<ReleaseFailureReason>(word).unwrap(), reason);
        }
    }
}
