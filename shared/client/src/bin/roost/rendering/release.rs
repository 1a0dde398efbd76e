//! Releases in words.

use roost_client::{Release, ReleaseFailure, ago};
use roost_domain::finding::Finding;

use super::push;
use super::table::table;

pub(crate) fn releases(releases: &[Release]) -> String {
    if releases.is_empty() {
        return "There is no release yet.".to_owned();
    }
    let row = |release: &Release| {
        [release.id.clone(), release.state.clone(), ago(release.created_at), remark(release).unwrap_or_default()]
    };
    table(["release", "state", "begun", ""], releases.iter().map(row).collect())
}

/// What a release is at.
pub(crate) fn progress(release: &Release) -> String {
    let remark = remark(release).map_or_else(String::new, |remark| format!(", {remark}"));
    format!("{} is {}{remark}", release.id, release.state)
}

/// How a release ended otherwise than by coming up.
pub(crate) fn ended(release: &Release) -> String {
    let mut words = format!("{} is {}", release.id, release.state);
    words.push_str(&release.superseded_by.as_ref().map_or_else(String::new, |by| format!(" by {by}")));
    words.push('\n');
    release.findings.iter().for_each(|one| finding(&mut words, one));
    if let Some(reason) = &release.failure {
        failure(&mut words, reason);
    }
    push(&mut words, "  runs again: ", release.restored.as_deref().unwrap_or_default());
    words
}

fn remark(release: &Release) -> Option<String> {
    let queue = release.queue.as_ref().map(|queue| format!("place {} in the queue", queue.position));
    let back = release.rolls_back_to.as_ref().map(|to| format!("{to} again"));
    let by = release.superseded_by.as_ref().map(|by| format!("by {by}"));
    let reason = release.failure.as_ref().map(|failure| failure.reason.clone());
    let findings = release.findings.first().map(|first| first.message.clone());
    queue.or(by).or(reason).or(findings).or(back)
}

fn finding(words: &mut String, finding: &Finding) {
    let file = finding.file.as_ref().map_or_else(String::new, |file| format!("{file}:"));
    let line = finding.line.map_or_else(String::new, |line| format!("{line}:"));
    let place = format!("{file}{line}");
    let space = if place.is_empty() { "" } else { " " };
    push(words, "  ", &format!("{place}{space}{} [{}]", finding.message, finding.code));
    push(words, "    → ", &finding.remedy);
}

fn failure(words: &mut String, failure: &ReleaseFailure) {
    let place = failure.place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
    push(words, "  ", &format!("{place}{} [{}]", failure.message, failure.reason));
    failure.last_lines.iter().for_each(|line| push(words, "  | ", line));
    push(words, "    → ", &failure.remedy);
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn release(state: &str, more: &Value) -> Release {
        let mut release = json!({"id": "r2", "state": state, "has_ended": true, "created_at": "2026-01-31T12:00:00Z",
            "updated_at": "2026-01-31T12:00:00Z"});
        for (name, value) in more.as_object().unwrap() {
            release[name] = value.clone();
        }
        serde_json::from_value(release).unwrap()
    }

    #[test]
    fn findings_read_like_a_compilers_messages() {
        let more = json!({"findings": [
            {"code": "unknown-field", "file": "platform-config.yaml", "line": 3, "message": "`x` is no field.",
                "remedy": "Write `y`."},
            {"code": "too-many-entries", "message": "There are too many.", "remedy": "Leave some out."}]});
        let expected = "r2 is rejected\n  platform-config.yaml:3: `x` is no field. [unknown-field]\n    → Write `y`.\n  \
                        There are too many. [too-many-entries]\n    → Leave some out.\n";
        assert_eq!(ended(&release("rejected", &more)), expected);
    }

    #[test]
    fn a_failure_shows_the_last_lines_and_what_runs_now() {
        let more = json!({"restored": "r1", "failure": {"reason": "step-failed", "place": "web", "message": "It ended.",
            "remedy": "Look.", "last_lines": ["npm ERR!"]}});
        let expected = "r2 is failed\n  web: It ended. [step-failed]\n  | npm ERR!\n    → Look.\n  runs again: r1\n";
        assert_eq!(ended(&release("failed", &more)), expected);
    }

    #[test]
    fn who_waits_is_told_for_what() {
        let more = json!({"queue": {"position": 2, "waits_for": "builders-busy"}});
        assert_eq!(progress(&release("queued", &more)), "r2 is queued, place 2 in the queue");
    }
}
