//! Why a build failed: a closed list for programs, and words for people.

use serde::{Deserialize, Serialize};

use crate::naming::ComponentName;

/// The kind of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BuildFailureReason {
    /// The Dockerfile cannot be read.
    DockerfileSyntax,
    /// A step ended with an error.
    StepFailed,
    /// The image that a stage begins with is not there, or its registry is not.
    BaseImageMissing,
    /// The registry of the image that a stage begins with gives it only to others.
    BaseImageForbidden,
    /// A step used more memory than it may.
    OutOfMemory,
    /// The builder's disk is full.
    OutOfDisk,
    /// The build took longer than it may.
    TimedOut,
    /// Somebody stopped it, or a newer release took its place.
    Cancelled,
    /// The uploaded archive could not be fetched, or is not what was checked.
    FetchFailed,
    /// The registry did not take the image.
    PushRefused,
    /// The builder did not answer.
    BuilderUnreachable,
    /// The builder ended during the build.
    BuilderLost,
    /// Something that must not happen.
    Internal,
}

impl BuildFailureReason {
    /// All reasons there are.
    pub const ALL: [Self; 13] = [
        Self::DockerfileSyntax,
        Self::StepFailed,
        Self::BaseImageMissing,
        Self::BaseImageForbidden,
        Self::OutOfMemory,
        Self::OutOfDisk,
        Self::TimedOut,
        Self::Cancelled,
        Self::FetchFailed,
        Self::PushRefused,
        Self::BuilderUnreachable,
        Self::BuilderLost,
        Self::Internal,
    ];

    /// What it means.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::DockerfileSyntax => "A Dockerfile cannot be read.",
            Self::StepFailed => "A step of a Dockerfile ended with an error.",
            Self::BaseImageMissing => "The image that a stage begins with is not there.",
            Self::BaseImageForbidden => "The image that a stage begins with is given only to others.",
            Self::OutOfMemory => "A step used more memory than it may.",
            Self::OutOfDisk => "There was no room on the builder's disk.",
            Self::TimedOut => "The build took longer than it may.",
            Self::Cancelled => "The build was stopped.",
            Self::FetchFailed => "The archive could not be fetched, or is not what was checked.",
            Self::PushRefused => "The registry did not take an image.",
            Self::BuilderUnreachable => "The builder did not answer.",
            Self::BuilderLost => "The builder ended during the build.",
            Self::Internal => "Something happened that must not.",
        }
    }

    /// What the owner can do about it.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::DockerfileSyntax => "Correct the line in the Dockerfile, and upload again.",
            Self::StepFailed => "Read the step's last lines, correct the step or what it uses, and upload again.",
            Self::BaseImageMissing => "Check the image's name and tag in FROM, and that its registry is public.",
            Self::BaseImageForbidden => "Begin with an image that can be pulled without a password.",
            Self::OutOfMemory => "Make the step need less memory, for instance by fewer processes at once.",
            Self::OutOfDisk => {
                "Make the step write less; if it writes little, the platform's disk is full: upload again later."
            }
            Self::TimedOut => "Find the step that takes so long in the log, make it faster, and upload again.",
            Self::Cancelled => "Nothing to do; upload again to build again.",
            Self::FetchFailed => "Upload the archive again.",
            Self::PushRefused | Self::BuilderUnreachable | Self::BuilderLost | Self::Internal => {
                "The fault is the platform's: upload again, and tell its operator if that does not help."
            }
        }
    }

    /// Whether the same build may well succeed when it is tried again. One that was stopped though its release is still
    /// wanted was stopped by the cluster: its node went away, or somebody deleted its Job.
    #[must_use]
    pub fn is_the_platforms(self) -> bool {
        matches!(
            self,
            Self::FetchFailed
                | Self::PushRefused
                | Self::BuilderUnreachable
                | Self::BuilderLost
                | Self::Internal
                | Self::Cancelled
        )
    }
}

/// One failure of a build. Texts are what the build printed: cleaned and cut, but not to be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuildFailure {
    /// The kind of failure.
    pub reason: BuildFailureReason,
    /// The component, unless it is about the build as a whole.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub component: Option<ComponentName>,
    /// What happened.
    pub message: String,
    /// The step it happened in, as the Dockerfile has it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub step: Option<String>,
    /// The line in the Dockerfile, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u32>,
    /// What the step's program ended with.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exit_code: Option<i32>,
    /// The last lines that the step printed.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub last_lines: Vec<String>,
}

impl BuildFailure {
    /// A failure of the build as a whole.
    pub fn new(reason: BuildFailureReason, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { reason, component: None, message, step: None, line: None, exit_code: None, last_lines: Vec::new() }
    }

    /// The same, of a component.
    #[must_use]
    pub fn of(self, component: &ComponentName) -> Self {
        Self { component: Some(component.clone()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_keeps_its_word_and_has_a_remedy() {
        let words = BuildFailureReason::ALL.map(|reason| serde_json::to_value(reason).unwrap());
        assert_eq!(
            words.map(|word| word.as_str().unwrap().to_owned()),
            [
                "dockerfile-syntax",
                "step-failed",
                "base-image-missing",
                "base-image-forbidden",
                "out-of-memory",
                "out-of-disk",
                "timed-out",
                "cancelled",
                "fetch-failed",
                "push-refused",
                "builder-unreachable",
                "builder-lost",
                "internal"
            ]
        );
        assert!(BuildFailureReason::ALL.iter().all(|reason| reason.remedy().ends_with('.')));
    }
}
