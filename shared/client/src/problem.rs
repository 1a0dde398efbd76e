//! What the platform answers when something is not as asked (<https://www.rfc-editor.org/rfc/rfc9457>).

use std::fmt::{Display, Formatter};
use std::time::Duration;

use reqwest::StatusCode;
use serde::{Deserialize, Serialize};

/// The kind of problem of a request whose twin is being carried out.
const IN_PROGRESS: &str = "urn:roost:problem:in-progress";

/// Why a request was not carried out, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Names the kind of problem; it never changes.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// What is wrong this time.
    #[serde(default)]
    pub detail: String,
    /// What to do about it.
    #[serde(default)]
    pub remedy: String,
    /// All that is wrong with the input, each for itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<InputError>,
    /// How long the platform asks to wait.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

/// One thing that is wrong with the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputError {
    /// Which field or parameter.
    pub field: String,
    /// What is wrong with it.
    pub detail: String,
}

impl Problem {
    /// The problem in an answer. What stands between here and the platform may answer in its own way.
    pub(crate) fn of(status: StatusCode, body: &[u8], retry_after: Option<Duration>) -> Self {
        let problem = serde_json::from_slice(body).unwrap_or_else(|_| Self {
            kind: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or("It was refused").to_owned(),
            status: status.as_u16(),
            detail: format!("The answer was {status}, without a reason."),
            remedy: "Check the address of the API; if it is right, try again in a minute.".to_owned(),
            errors: Vec::new(),
            retry_after: None,
        });
        Self { retry_after, ..problem }
    }

    /// Whether the same request may succeed in a moment.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self.status, 429 | 502 | 503 | 504) || self.kind == IN_PROGRESS
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.title, self.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_document_is_taken_as_it_is() {
        let body = br#"{"type": "urn:roost:problem:input", "title": "The input is not valid", "status": 422,
            "detail": "d", "remedy": "r", "errors": [{"field": "id", "detail": "too long"}]}"#;
        let problem = Problem::of(StatusCode::UNPROCESSABLE_ENTITY, body, None);
        assert_eq!((problem.detail.as_str(), problem.remedy.as_str()), ("d", "r"));
        assert_eq!(problem.errors[0].field, "id");
        assert!(!problem.may_pass());
    }

    #[test]
    fn what_a_gateway_answers_by_itself_is_a_problem_too() {
        let problem = Problem::of(StatusCode::BAD_GATEWAY, b"<html>", Some(Duration::from_secs(2)));
        assert!(problem.may_pass());
        assert_eq!((problem.status, problem.retry_after), (502, Some(Duration::from_secs(2))));
    }

    #[test]
    fn what_is_being_done_already_passes_and_a_conflict_does_not() {
        let of = |kind: &str| {
            let body = format!(r#"{{"type": "urn:roost:problem:{kind}", "title": "t", "status": 409}}"#);
            Problem::of(StatusCode::CONFLICT, body.as_bytes(), None)
        };
        assert!(of("in-progress").may_pass());
        assert!(!of("conflict").may_pass());
    }
}
