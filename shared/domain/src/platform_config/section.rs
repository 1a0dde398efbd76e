//! A mapping in the configuration, whose fields are known by name.

use serde_json::{Map, Value};

use crate::{
    artifact::{Findings, quoted},
    document::Document,
    finding::Finding,
};

/// How alike two names must be, from 0 to 1, for one to be a slip for the other.
const ALIKE: f64 = 0.8;

/// One mapping, and where it is written.
pub(super) struct Section<'a> {
    document: &'a Document,
    pointer: String,
    fields: &'a Map<String, Value>,
}

/// A text, and where it is written.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) field: &'static str,
    pub(super) value: &'a str,
    pub(super) line: u32,
}

impl<'a> Section<'a> {
    /// The mapping at a JSON pointer.
    pub(super) fn of(document: &'a Document, pointer: String, findings: &mut Findings) -> Option<Self> {
        if let Some(Value::Object(fields)) = document.value.pointer(&pointer) {
            return Some(Self { document, pointer, fields });
        }
        let remedy = "Write fields, as in `name: value`.";
        findings.push(Finding::new("wrong-type", "This is not a mapping.", remedy).on_line(document.line(&pointer)));
        None
    }

    /// The line of a field, or of the mapping if it has no such field.
    pub(super) fn line(&self, field: &str) -> u32 {
        self.document.line(&format!("{}/{field}", self.pointer))
    }

    /// Reports every field that has no meaning, and the one that was probably meant.
    pub(super) fn refuse_unknown_fields(&self, known: &[&'static str], findings: &mut Findings) {
        for field in self.fields.keys().filter(|field| !known.contains(&field.as_str())) {
            let pointer = format!("{}/{}", self.pointer, field.replace('~', "~0").replace('/', "~1"));
            let message = format!("There is no field `{}` here.", quoted(field));
            findings.push(
                Finding::new("unknown-field", message, instead(field, known)).on_line(self.document.line(&pointer)),
            );
        }
    }

    /// A field that must be there and be a text.
    pub(super) fn text(&self, field: &'static str, findings: &mut Findings) -> Option<Text<'a>> {
        match self.fields.get(field) {
            Some(value) => self.as_text(field, value, findings),
            None => self.missing(field, findings),
        }
    }

    /// Whether there is such a field.
    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// A field that must be a text, and may be missing.
    pub(super) fn text_if_there(&self, field: &'static str, findings: &mut Findings) -> Option<Text<'a>> {
        self.fields.get(field).and_then(|value| self.as_text(field, value, findings))
    }

    /// A field that must be a text if it is there.
    pub(super) fn text_or(
        &self,
        field: &'static str,
        default: &'static str,
        findings: &mut Findings,
    ) -> Option<Text<'a>> {
        match self.fields.get(field) {
            Some(value) => self.as_text(field, value, findings),
            None => Some(Text { field, value: default, line: self.line(field) }),
        }
    }

    /// A field that must be there and be a list of mappings; an item that is none is nothing.
    pub(super) fn list(&self, field: &'static str, findings: &mut Findings) -> Option<Vec<Option<Self>>> {
        let items = match self.fields.get(field) {
            Some(Value::Array(items)) => items,
            Some(_) => {
                let message = format!("`{field}` is not a list.");
                let remedy = "Begin each item with `-` on a line of its own.";
                findings.push(Finding::new("wrong-type", message, remedy).on_line(self.line(field)));
                return None;
            }
            None => return self.missing(field, findings),
        };
        let pointers = (0..items.len()).map(|index| format!("{}/{field}/{index}", self.pointer));
        Some(pointers.map(|pointer| Self::of(self.document, pointer, findings)).collect())
    }

    fn as_text(&self, field: &'static str, value: &'a Value, findings: &mut Findings) -> Option<Text<'a>> {
        let line = self.line(field);
        if let Value::String(value) = value {
            return Some(Text { field, value, line });
        }
        let remedy = "Write a text; put it in quotes if it looks like a number.";
        findings.push(Finding::new("wrong-type", format!("`{field}` is not a text."), remedy).on_line(line));
        None
    }

    fn missing<T>(&self, field: &'static str, findings: &mut Findings) -> Option<T> {
        let remedy = format!("Add `{field}`.");
        findings.push(
            Finding::new("missing-field", format!("The field `{field}` is missing."), remedy).on_line(self.line(field)),
        );
        None
    }
}

/// What to write for an unknown field.
fn instead(field: &str, known: &[&'static str]) -> String {
    let field = field.to_lowercase();
    let likeness = |known: &str| strsim::jaro_winkler(&field, known);
    let nearest = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest {
        Some(nearest) if likeness(nearest) >= ALIKE => format!("Write `{nearest}`."),
        _ => format!("Remove it; the fields are `{}`.", known.join("`, `")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_told_from_an_invention() {
        let known = ["name", "root", "dockerfile_path", "context_path"];
        let cases = [
            ("dockerfile", "dockerfile_path"),
            ("dockerfil_path", "dockerfile_path"),
            ("Context", "context_path"),
            ("nmae", "name"),
        ];
        for (field, meant) in cases {
            assert_eq!(instead(field, &known), format!("Write `{meant}`."));
        }
        for field in ["image", "ports", "url", "", "é"] {
            assert!(instead(field, &known).starts_with("Remove it"), "{field}");
        }
    }
}
