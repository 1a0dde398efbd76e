//! The life of a release, from an upload to its one terminal state.

mod component;
mod decision;
mod explanation;
mod failure;
mod fingerprint;
mod number;
pub mod observation;
mod origin;
mod project;
mod record;

pub use component::ReleaseComponent;
pub use decision::{NextStep, StartDecision, UploadDecision, decide_start, decide_upload, next_step};
pub use explanation::{Explanation, Occasion, explanations};
pub use failure::{PlatformFailureReason, ReleaseFailure, ReleaseFailureReason};
pub use fingerprint::Fingerprint;
pub use number::{ReleaseNumber, ReleaseNumberError};
pub use origin::{Origin, Sequencer, SequencerError, Upload};
pub use project::Project;
pub use record::{BuildAttempt, QueuePlace, Release, ReleaseState};
