//! The building of a release: what is ordered, in whose turn, what is reported, what came of it.

mod estimate;
mod failure;
mod job_name;
mod job_state;
pub mod log_line;
mod nonce;
mod order;
mod progress;
pub mod queue;
mod report;
mod signed_url;

pub use estimate::{Standing, estimate};
pub use failure::{BuildFailure, BuildFailureReason};
pub use job_name::BuildJobName;
pub use job_state::BuildJobState;
pub use nonce::{Nonce, NonceError};
pub use order::{BUILD_LOG_TYPE, BUILD_REPORT_TYPE, BuildOrder, Builder, OrderedComponent, Uploads};
pub use progress::{BuildEvent, Happening};
pub use report::{BuildOutcome, BuildReport, BuildReportError, BuiltComponent};
pub use signed_url::SignedUrl;
