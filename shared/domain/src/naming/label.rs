//! Names that users choose inside their own corner: short DNS labels.

use super::checked_text::checked_text;
use super::is_dns_label;

/// Leaves room in a label of 63 bytes for what the platform adds.
const LONGEST: usize = 40;

/// Why a text is not a name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not a name: use 1 to 40 lower-case letters, digits and '-', not at the ends")]
pub struct LabelError(String);

fn is_short_label(text: &str) -> bool {
    is_dns_label(text, LONGEST)
}

checked_text! {
    /// A project's name, unique within its tenant.
    ProjectName, LabelError, is_short_label
}
checked_text! {
    /// The name of one part of a project that has a Dockerfile of its own.
    ComponentName, LabelError, is_short_label
}
checked_text! {
    /// The name under which the operator allows an agent.
    AgentName, LabelError, is_short_label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_short_labels_are_names() {
        for name in ["shop", "a", "api-gateway", "0", &"a".repeat(40)] {
            assert_eq!(ProjectName::parse(name).unwrap().as_str(), name);
        }
        for name in ["", "-a", "a-", "A", "a_b", "a.b", "a/b", "..", "ä", "a\n", &"a".repeat(41)] {
            assert!(ProjectName::parse(name).is_err(), "{name:?}");
            assert!(ComponentName::parse(name).is_err(), "{name:?}");
        }
    }
}
