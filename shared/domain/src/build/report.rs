//! What a build Job says in the end: its last act, and the event that the roll-out waits for.

use serde::{Deserialize, Serialize};

use super::{BuildFailure, Nonce};
use crate::image::ImageDigest;
use crate::naming::ComponentName;

/// No honest report is longer, in bytes.
const LONGEST: usize = 64 * 1024;
const VERSION: u8 = 1;

/// The report on a build. It comes from where users' programs ran beside it: nothing in it is believed that is not
/// checked elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuildReport {
    v: u8,
    /// The order's.
    pub nonce: Nonce,
    /// Whether every component has an image.
    pub outcome: BuildOutcome,
    /// The images that were built, also where others failed.
    pub components: Vec<BuiltComponent>,
    /// All failures known when the build ended.
    pub failures: Vec<BuildFailure>,
}

/// How a build ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BuildOutcome {
    /// Every component has an image.
    Succeeded,
    /// At least one component has none.
    Failed,
}

/// A component's image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuiltComponent {
    /// The component's name.
    pub name: ComponentName,
    /// What was pushed.
    pub digest: ImageDigest,
    /// How many steps the Dockerfile had.
    pub steps: u32,
    /// How many of them were taken from an earlier build.
    pub cached_steps: u32,
    /// How long it took.
    pub ms: u64,
}

/// Why a text is not the report on a build.
#[derive(Debug, thiserror::Error)]
pub enum BuildReportError {
    /// It is longer than any report is.
    #[error("the report has {0} bytes, more than the {LONGEST} a report may have")]
    TooLong(usize),
    /// It is not written as reports are.
    #[error("the report is not one that this platform reads: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It is of another version.
    #[error("the report has version {0}; this platform reads {VERSION}")]
    Version(u8),
    /// Somebody without the order wrote it.
    #[error("the report does not belong to the order")]
    Foreign,
    /// It says success and names failures, or the reverse.
    #[error("the report contradicts itself")]
    Contradictory,
}

impl BuildReport {
    /// The report on a build with these images and failures; it succeeded if nothing failed.
    #[must_use]
    pub fn new(nonce: Nonce, components: Vec<BuiltComponent>, failures: Vec<BuildFailure>) -> Self {
        Self { v: VERSION, nonce, outcome: outcome(&failures), components, failures }
    }

    /// Reads a report, and checks that it answers the order with that nonce.
    pub fn parse(text: &[u8], nonce: &Nonce) -> Result<Self, BuildReportError> {
        if text.len() > LONGEST {
            return Err(BuildReportError::TooLong(text.len()));
        }
        let report: Self = serde_json::from_slice(text)?;
        if report.v != VERSION {
            return Err(BuildReportError::Version(report.v));
        }
        if report.nonce != *nonce {
            return Err(BuildReportError::Foreign);
        }
        if report.outcome != outcome(&report.failures) {
            return Err(BuildReportError::Contradictory);
        }
        Ok(report)
    }
}

fn outcome(failures: &[BuildFailure]) -> BuildOutcome {
    if failures.is_empty() { BuildOutcome::Succeeded } else { BuildOutcome::Failed }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::build::BuildFailureReason;

    fn nonce() -> Nonce {
        Nonce::parse("0123456789abcdef").unwrap()
    }

    fn written(report: &BuildReport) -> Value {
        serde_json::to_value(report).unwrap()
    }

    fn parse(report: &Value) -> Result<BuildReport, BuildReportError> {
        BuildReport::parse(report.to_string().as_bytes(), &nonce())
    }

    fn failed() -> BuildReport {
        let failure = BuildFailure::new(BuildFailureReason::StepFailed, "exit code 3");
        let built = BuiltComponent {
            name: ComponentName::parse("web").unwrap(),
            digest: ImageDigest::parse(&format!("sha256:{}", "0a".repeat(32))).unwrap(),
            steps: 3,
            cached_steps: 1,
            ms: 1200,
        };
        BuildReport::new(nonce(), vec![built], vec![failure])
    }

    #[test]
    fn a_report_reads_as_it_was_written() {
        assert_eq!(parse(&written(&failed())).unwrap(), failed());
        let succeeded = BuildReport::new(nonce(), Vec::new(), Vec::new());
        assert_eq!(succeeded.outcome, BuildOutcome::Succeeded);
        assert_eq!(parse(&written(&succeeded)).unwrap(), succeeded);
    }

    #[test]
    fn a_report_that_somebody_else_wrote_or_bent_is_refused() {
        let bent = |bend: fn(&mut Value)| {
            let mut report = written(&failed());
            bend(&mut report);
            parse(&report).unwrap_err()
        };
        assert!(matches!(bent(|r| r["nonce"] = json!("fedcba9876543210")), BuildReportError::Foreign));
        assert!(matches!(bent(|r| r["v"] = json!(2)), BuildReportError::Version(2)));
        assert!(matches!(bent(|r| r["outcome"] = json!("succeeded")), BuildReportError::Contradictory));
        assert!(matches!(bent(|r| r["components"][0]["digest"] = json!("latest")), BuildReportError::Malformed(_)));
        assert!(matches!(bent(|r| r["components"][0]["name"] = json!("../web")), BuildReportError::Malformed(_)));
        assert!(matches!(bent(|r| r["extra"] = json!(1)), BuildReportError::Malformed(_)));
        assert!(matches!(bent(|r| r["failures"][0]["reason"] = json!("x")), BuildReportError::Malformed(_)));
        let message = |r: &mut Value| r["failures"][0]["message"] = json!("x".repeat(LONGEST));
        assert!(matches!(bent(message), BuildReportError::TooLong(_)));
    }
}
