//! All that can go wrong with a release or an app, in plain words: what it means, and what to do. The same list for the
//! API, pages and commands.

use serde::Serialize;

use super::failure::PlatformFailureReason;
use super::observation::RollOutFailureReason;
use crate::build::BuildFailureReason;
use crate::visit::reason_for_visitors;

/// When something goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// While images are built.
    Build,
    /// While workloads come up, after a release or a sleep.
    Start,
    /// Where the platform did not do its part, or stopped at its owner's wish.
    Platform,
}

/// A reason, explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Its name, which never changes.
    pub reason: String,
    /// When it is met with.
    pub occasion: Occasion,
    /// What it means.
    pub meaning: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

/// All reasons there are.
#[must_use]
pub fn explanations() -> Vec<Explanation> {
    let build =
        BuildFailureReason::ALL.map(|reason| explained(&reason, Occasion::Build, (reason.meaning(), reason.remedy())));
    let start = RollOutFailureReason::ALL
        .map(|reason| explained(&reason, Occasion::Start, (reason_for_visitors(reason), reason.remedy())));
    let platform =
        PlatformFailureReason::ALL.map(|reason| explained(&reason, Occasion::Platform, reason.explanation()));
    build.into_iter().chain(start).chain(platform).collect()
}

fn explained(
    reason: &impl Serialize,
    occasion: Occasion,
    (meaning, remedy): (&'static str, &'static str),
) -> Explanation {
    let name = serde_json::to_value(reason).ok().and_then(|name| name.as_str().map(str::to_owned));
    Explanation { reason: name.unwrap_or_default(), occasion, meaning, remedy }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reason_has_a_name_of_its_own_and_is_explained() {
        let all = explanations();
        let names: BTreeSet<_> = all.iter().map(|one| one.reason.as_str()).collect();
        assert_eq!((names.len(), all.len()), (28, 28));
        for one in all {
            assert!(!one.reason.is_empty() && !one.meaning.is_empty() && one.remedy.ends_with('.'), "{one:?}");
        }
    }
}
