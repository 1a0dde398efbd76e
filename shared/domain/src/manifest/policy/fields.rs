//! Lists of allowed fields: what is in no list is refused, so a field that Kubernetes adds one day is not let through.

use crate::artifact::Findings;
use crate::manifest::node::{Node, Rule};

/// The fields of one type.
pub(in crate::manifest) struct Fields {
    /// Those that are allowed; what they hold is checked elsewhere if it matters.
    pub(in crate::manifest) allowed: &'static [&'static str],
    /// Those that are refused for a reason of their own.
    pub(in crate::manifest) refused: &'static [(&'static str, Rule)],
    /// Why all others are refused.
    pub(in crate::manifest) otherwise: Rule,
    /// Whether a refused field is refused even when it says nothing, as in `hostPath: {}`.
    pub(in crate::manifest) even_empty: bool,
}

impl Fields {
    /// Checks which fields a mapping has.
    pub(in crate::manifest) fn check(&self, node: &Node, findings: &mut Findings) {
        for (name, field) in node.entries(findings) {
            if !self.allowed.contains(&name) && (self.even_empty || field.is_set()) {
                findings.push(field.refuse(self.rule(name)));
            }
        }
    }

    fn rule(&self, name: &str) -> &Rule {
        self.refused.iter().find(|(refused, _)| *refused == name).map_or(&self.otherwise, |(_, rule)| rule)
    }
}

/// The rule for fields that are in no list of a type.
pub(in crate::manifest) const fn unknown(reason: &'static str) -> Rule {
    Rule { code: "unknown-field", reason, remedy: "Check its spelling and its place, or remove it." }
}

/// Refuses a field unless it is missing or one of these texts.
pub(super) fn only(node: &Node, name: &str, allowed: &[&str], rule: &Rule, findings: &mut Findings) {
    if let Some(field) = node.field(name)
        && !field.value().as_str().is_some_and(|text| allowed.contains(&text))
    {
        findings.push(field.refuse(rule));
    }
}

/// Refuses a field that is a number above the highest.
pub(super) fn at_most(node: &Node, name: &str, highest: i64, rule: &Rule, findings: &mut Findings) {
    if let Some(field) = node.field(name)
        && field.value().as_i64().is_none_or(|number| number > highest)
    {
        findings.push(field.refuse(rule));
    }
}
