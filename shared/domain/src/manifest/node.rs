//! A value inside an object, and where it stands: what every rule looks at.

use serde_json::Value;

use crate::artifact::{EntryPath, Findings};
use crate::document::Document;
use crate::finding::Finding;

/// One document of one file.
pub(super) struct Source<'a> {
    pub(super) file: &'a EntryPath,
    pub(super) document: Document,
}

/// Why something is refused. The reason completes a sentence that begins with the field's path.
pub(super) struct Rule {
    pub(super) code: &'static str,
    pub(super) reason: &'static str,
    pub(super) remedy: &'static str,
}

const WRONG_TYPE: Rule = Rule {
    code: "wrong-type",
    reason: "is of another type than Kubernetes expects",
    remedy: "Look the field up with `kubectl explain`, and write a list, a mapping or a text as it says.",
};

/// A value with its place.
#[derive(Clone)]
pub(super) struct Node<'a> {
    value: &'a Value,
    source: &'a Source<'a>,
    /// The JSON pointer from the document's root.
    pointer: String,
    /// The path from the object's root, as `kubectl explain` writes it.
    path: String,
}

impl<'a> Node<'a> {
    pub(super) fn root(source: &'a Source<'a>) -> Self {
        Self { value: &source.document.value, source, pointer: String::new(), path: String::new() }
    }

    /// The same value as the root of an object of its own.
    pub(super) fn as_root(&self) -> Self {
        Self { path: String::new(), ..self.clone() }
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    /// The field of this name, unless it is missing or null.
    pub(super) fn field(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(self.child(value, name))
    }

    /// What stands at the end of these names.
    pub(super) fn descend(&self, names: &[&str]) -> Option<Self> {
        names.iter().try_fold(self.clone(), |node, name| node.field(name))
    }

    /// The text in the field of this name.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.value.get(name)?.as_str()
    }

    /// The fields of a mapping. Another type is a finding, so that nothing escapes the rules by its form.
    pub(super) fn entries(&self, findings: &mut Findings) -> Vec<(&'a str, Self)> {
        let Some(mapping) = self.value.as_object() else {
            findings.push(self.refuse(&WRONG_TYPE));
            return Vec::new();
        };
        let set = mapping.iter().filter(|(_, value)| !value.is_null());
        set.map(|(name, value)| (name.as_str(), self.child(value, name))).collect()
    }

    /// The items of a list in a field, which may be missing. Another type is a finding.
    pub(super) fn items(&self, name: &str, findings: &mut Findings) -> Vec<Self> {
        let Some(list) = self.field(name) else { return Vec::new() };
        let Some(items) = list.value.as_array() else {
            findings.push(list.refuse(&WRONG_TYPE));
            return Vec::new();
        };
        items.iter().enumerate().map(|(index, item)| list.item(item, index)).collect()
    }

    /// Whether something is said: `false`, zero and emptiness say what is so anyway.
    pub(super) fn is_set(&self) -> bool {
        match self.value {
            Value::Null | Value::Bool(false) => false,
            Value::Bool(true) => true,
            Value::Number(number) => number.as_f64() != Some(0.0),
            Value::String(text) => !text.is_empty(),
            Value::Array(items) => !items.is_empty(),
            Value::Object(fields) => !fields.is_empty(),
        }
    }

    /// A finding that this value breaks a rule.
    pub(super) fn refuse(&self, rule: &Rule) -> Finding {
        let subject = if self.path.is_empty() { "The object".to_owned() } else { format!("`{}`", self.path) };
        self.finding(rule.code, format!("{subject} {}.", rule.reason), rule.remedy)
    }

    /// A finding about this value.
    pub(super) fn finding(&self, code: &'static str, message: String, remedy: &'static str) -> Finding {
        self.place(Finding::new(code, message, remedy))
    }

    /// A finding with this value's place.
    pub(super) fn place(&self, finding: Finding) -> Finding {
        finding.in_file(self.source.file.as_str()).on_line(self.source.document.line(&self.pointer))
    }

    fn child(&self, value: &'a Value, name: &str) -> Self {
        let pointer = format!("{}/{}", self.pointer, name.replace('~', "~0").replace('/', "~1"));
        let dot = if self.path.is_empty() { "" } else { "." };
        let path = format!("{}{dot}{}", self.path, crate::artifact::quoted(name));
        Self { value, source: self.source, pointer, path }
    }

    fn item(&self, value: &'a Value, index: usize) -> Self {
        let (pointer, path) = (format!("{}/{index}", self.pointer), format!("{}[{index}]", self.path));
        Self { value, source: self.source, pointer, path }
    }
}
