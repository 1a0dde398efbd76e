//! What the command says: results on the standard output, everything else on the standard error.

use std::io::{self, Write};

use serde::Serialize;

use crate::failure::CommandError;
use crate::rendering::problem;

/// Where results go, and in which form.
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// A result: as it is for programs, in words for people.
    pub(crate) fn result(&self, value: &impl Serialize, words: impl FnOnce() -> String) -> Result<(), CommandError> {
        let text = if self.json { serde_json::to_string(value).map_err(io::Error::other)? } else { words() };
        let mut output = io::stdout().lock();
        if !text.is_empty() {
            writeln!(output, "{}", text.trim_end_matches('\n'))?;
        }
        Ok(output.flush()?)
    }

    /// What only people want to know.
    pub(crate) fn remark(&self, words: &str) {
        if !self.json {
            note(words);
        }
    }

    /// What went wrong.
    pub(crate) fn failure(&self, error: &CommandError) {
        let document = error.document();
        if self.json {
            // Whoever no longer reads is not told.
            let _ = writeln!(io::stdout(), "{document}");
        } else {
            note(&problem(&document));
        }
    }
}

fn note(words: &str) {
    let _ = writeln!(io::stderr(), "{}", words.trim_end_matches('\n'));
}
