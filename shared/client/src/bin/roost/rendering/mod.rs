//! Results in words.

mod account;
mod app;
mod build;
mod release;
mod table;

use std::fmt::Write;

use serde_json::Value;

pub(crate) use account::{events, tokens, usage};
pub(crate) use app::{agents, log_line, projects, status};
pub(crate) use build::build_line;
pub(crate) use release::{ended, progress, releases};

/// A problem: what it is, what is wrong this time, and what to do about it.
pub(crate) fn problem(document: &Value) -> String {
    let text = |value: &Value, field: &str| value[field].as_str().unwrap_or_default().to_owned();
    let mut words = format!("roost: {}\n", text(document, "title"));
    let details = document["errors"].as_array().into_iter().flatten();
    let details = details.map(|error| format!("{}: {}", text(error, "field"), text(error, "detail")));
    for detail in std::iter::once(text(document, "detail")).chain(details) {
        push(&mut words, "  ", &detail);
    }
    push(&mut words, "  → ", &text(document, "remedy"));
    words
}

/// A line, unless it is empty.
fn push(words: &mut String, lead: &str, line: &str) {
    if !line.is_empty() {
        let _ = writeln!(words, "{lead}{line}");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_problem_says_what_and_why_and_what_to_do() {
        let document = json!({"title": "The input is not valid", "detail": "Something is wrong.", "remedy": "Correct it.",
            "errors": [{"field": "id", "detail": "too long"}]});
        let words = "roost: The input is not valid\n  Something is wrong.\n  id: too long\n  → Correct it.\n";
        assert_eq!(problem(&document), words);
    }
}
