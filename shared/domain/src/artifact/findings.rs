//! All that is wrong with one archive, as far as somebody would read it.

use crate::finding::Finding;

/// More than anybody reads; and an archive can be wrong in every entry.
const KEPT: usize = 100;
/// The longest text of a user's that is repeated in a finding, in characters.
const LONGEST_QUOTE: usize = 200;

/// The first findings, and how many followed.
#[derive(Debug, Default)]
pub struct Findings {
    kept: Vec<Finding>,
    more: u64,
}

impl Findings {
    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        if self.kept.len() < KEPT { self.kept.push(finding) } else { self.more += 1 }
    }

    /// Those that were kept, and one that counts the others.
    #[must_use]
    pub fn into_vec(mut self) -> Vec<Finding> {
        if self.more > 0 {
            let message = format!("And {} more.", self.more);
            self.kept.push(Finding::new("more-findings", message, "Correct those above first."));
        }
        self.kept
    }
}

/// A user's text on one short line that no terminal takes for a command.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut quote = String::with_capacity(text.len().min(LONGEST_QUOTE));
    for (index, c) in text.chars().enumerate() {
        match c {
            _ if index == LONGEST_QUOTE => {
                quote.push('…');
                break;
            }
            c if c.is_control() => quote.extend(c.escape_default()),
            c => quote.push(c),
        }
    }
    quote
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_beyond_the_hundredth_are_counted() {
        let mut findings = Findings::default();
        (0..KEPT + 7).for_each(|_| findings.push(Finding::new("code", "Wrong.", "Right it.")));
        let findings = findings.into_vec();
        assert_eq!(findings.len(), KEPT + 1);
        assert_eq!(findings[KEPT].message, "And 7 more.");
    }

    #[test]
    fn a_quote_is_short_and_harmless() {
        assert_eq!(quoted("a\u{1b}[2Jb\n"), "a\\u{1b}[2Jb\\n");
        assert_eq!(quoted(&"ä".repeat(5000)).chars().count(), LONGEST_QUOTE + 1);
    }
}
