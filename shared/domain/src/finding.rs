//! What is wrong with something a user sent: where, why, and what to do about it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// One fault in an artifact. Everything wrong is reported together, so each stands for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Names the rule, in kebab case; it never changes, so that programs can rely on it.
    pub code: Cow<'static, str>,
    /// The file, from the archive's root; absent if it is about the archive as a whole.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub file: Option<String>,
    /// The line in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u32>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: Cow<'static, str>,
}

impl Finding {
    /// A fault of the archive as a whole.
    pub fn new(code: &'static str, message: impl Into<String>, remedy: impl Into<Cow<'static, str>>) -> Self {
        Self { code: Cow::Borrowed(code), file: None, line: None, message: message.into(), remedy: remedy.into() }
    }

    /// The same, in a file.
    #[must_use]
    pub fn in_file(self, file: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..self }
    }

    /// The same, on a line.
    #[must_use]
    pub fn on_line(self, line: u32) -> Self {
        Self { line: Some(line), ..self }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}:")?;
        }
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        if self.file.is_some() || self.line.is_some() {
            f.write_str(" ")?;
        }
        write!(f, "{} [{}] {}", self.message, self.code, self.remedy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_like_a_compilers_message() {
        let finding = Finding::new("unknown-field", "`dockerfil` is no field.", "Write `dockerfile_path`.");
        let finding = finding.in_file("platform-config.yaml").on_line(3);
        let text = "platform-config.yaml:3: `dockerfil` is no field. [unknown-field] Write `dockerfile_path`.";
        assert_eq!(finding.to_string(), text);
    }
}
