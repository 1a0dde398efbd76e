//! Builds in words.

use roost_domain::build::{BuildEvent, Happening};
use serde_json::Value;

/// A line of a build's log; nothing for what only programs want to know.
pub(crate) fn build_line(line: &Value) -> String {
    let Ok(BuildEvent { component, what, .. }) = serde_json::from_value(line.clone()) else { return line.to_string() };
    let component = component.map(|component| format!("{component}: ")).unwrap_or_default();
    words(what).map(|words| format!("{component}{words}")).unwrap_or_default()
}

fn words(what: Happening) -> Option<String> {
    Some(match what {
        Happening::StepStarted { .. } | Happening::Progress { .. } => return None,
        Happening::Note { text } => text,
        Happening::StepFinished { name, cached: true, .. } => format!("{name} (cached)"),
        Happening::StepFinished { name, ms, .. } => format!("{name} ({ms} ms)"),
        Happening::StepFailed { name, text, .. } => format!("{name} failed: {text}"),
        Happening::Log { text, .. } => format!("  | {text}"),
        Happening::Built { digest, ms, .. } => format!("built in {ms} ms: {digest}"),
        Happening::Failed { text, .. } => format!("failed: {text}"),
        Happening::Dropped { lines, .. } => format!("({lines} lines were left out)"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_says_what_happened_to_which_part() {
        let line = |what: Value| {
            let mut line = json!({"at": "2026-11-21T15:00:00Z", "component": "web"});
            line.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
            build_line(&line)
        };
        assert_eq!(line(json!({"kind": "log", "step": 2, "text": "cc -o app"})), "web:   | cc -o app");
        assert_eq!(line(json!({"kind": "progress", "percent": 50})), "");
        assert_eq!(build_line(&json!({"kind": "of a later version"})), r#"{"kind":"of a later version"}"#);
    }
}
