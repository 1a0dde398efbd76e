//! Where each value of a document is written.

use std::collections::BTreeMap;

/// The line of a value and of everything in it.
///
/// A tree and not a map by pointer: a pointer repeats the keys above it, so that a small file of long keys would take
/// gigabytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    pub(super) line: u32,
    pub(super) inside: Inside,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Inside {
    Nothing,
    Items(Vec<Place>),
    Fields(BTreeMap<String, Place>),
}

impl Place {
    pub(super) fn scalar(line: u32) -> Self {
        Self { line, inside: Inside::Nothing }
    }

    /// The line of the value at a JSON pointer, or of the nearest value around it.
    pub(super) fn line(&self, pointer: &str) -> u32 {
        let mut place = self;
        for token in pointer.split('/').skip(1) {
            match place.step(token) {
                Some(next) => place = next,
                None => break,
            }
        }
        place.line
    }

    fn step(&self, token: &str) -> Option<&Self> {
        match &self.inside {
            Inside::Nothing => None,
            Inside::Items(items) => items.get(token.parse::<usize>().ok()?),
            Inside::Fields(fields) => fields.get(&token.replace("~1", "/").replace("~0", "~")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DocumentRules, parse};

    #[test]
    fn every_value_knows_its_line() {
        let text = "# a comment\nmetadata:\n  name: shop\n  labels:\n    a/b~c: x\nspec:\n- one\n-\n  two: |\n    a\n    b\n  three: 3\n";
        let document = &parse(text, &DocumentRules::configuration()).unwrap()[0];
        let lines = [
            ("", 2),
            ("/metadata", 2),
            ("/metadata/name", 3),
            ("/metadata/labels/a~1b~0c", 5),
            ("/spec/0", 7),
            ("/spec/1/two", 9),
            ("/spec/1/three", 12),
        ];
        for (pointer, line) in lines {
            assert_eq!(document.line(pointer), line, "{pointer}");
        }
    }

    #[test]
    fn a_missing_value_is_missed_at_the_one_around_it() {
        let document = &parse("a:\n  b:\n  - c\n", &DocumentRules::configuration()).unwrap()[0];
        for (pointer, line) in [("/a/x/y", 1), ("/a/b/7", 2), ("/a/b/x", 2), ("/a/b/0/c", 3), ("/x", 1)] {
            assert_eq!(document.line(pointer), line, "{pointer}");
        }
    }

    #[test]
    fn lines_go_on_counting_from_document_to_document() {
        let documents = parse("a: 1\n---\n\nb: 2\n", &DocumentRules::objects()).unwrap();
        assert_eq!(documents[1].line("/b"), 4);
    }
}
