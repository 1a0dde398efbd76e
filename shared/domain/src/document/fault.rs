//! What is wrong with a document.

use crate::finding::Finding;

/// A place at which a text is not YAML, or not YAML that everybody reads alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentFault {
    /// Names the rule, in kebab case; it never changes.
    pub code: &'static str,
    /// The line, from 1.
    pub line: u32,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: &'static str,
}

impl DocumentFault {
    pub(super) fn new(code: &'static str, line: u32, message: impl Into<String>, remedy: &'static str) -> Self {
        Self { code, line, message: message.into(), remedy }
    }
}

impl From<DocumentFault> for Finding {
    fn from(fault: DocumentFault) -> Self {
        Self::new(fault.code, fault.message, fault.remedy).on_line(fault.line)
    }
}
