//! Names that some file systems hold to be one: on them, one file would take the other's place.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::{Entry, EntryPath, Findings, quoted};
use crate::finding::Finding;

/// Reports paths that differ only in case or in how their letters are composed.
pub(super) fn check_folded_names(entries: &BTreeMap<EntryPath, Entry>, findings: &mut Findings) {
    // Digests, for the names may be megabytes and are held once already.
    let mut seen: HashMap<[u8; 32], &EntryPath> = HashMap::with_capacity(entries.len());
    for path in entries.keys() {
        let digest = Sha256::digest(folded(path.as_str()));
        if let Some(other) = seen.insert(digest.into(), path) {
            findings.push(finding(path, other));
        }
    }
}

fn finding(path: &EntryPath, other: &EntryPath) -> Finding {
    let message = format!("On many file systems this path is the same as `{}`.", quoted(other.as_str()));
    Finding::new("name-differs-in-case-only", message, "Rename one of the two.").in_file(quoted(path.as_str()))
}

/// Upper case first: so `ß` meets `ss` and the long `ſ` meets `s`.
fn folded(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    path.nfc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_as_on_a_mac() {
        for (one, other) in [("Readme", "README"), ("\u{e9}", "e\u{301}"), ("Straße", "STRASSE"), ("K", "\u{212a}")] {
            assert_eq!(folded(one), folded(other));
        }
        assert_ne!(folded("a"), folded("ä"));
    }
}
