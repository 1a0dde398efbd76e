//! What is answered when something is not as asked (<https://www.rfc-editor.org/rfc/rfc9457>).

mod classified;
mod kind;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use roost_domain::access::Denied;
use serde::Serialize;
use utoipa::ToSchema;

pub(crate) use kind::Kind;

const MEDIA_TYPE: &str = "application/problem+json";
/// In seconds.
const SOON: &str = "2";
/// The same: a new minute has begun by then.
const NEXT_MINUTE: &str = "60";

/// Why a request was not carried out, and what to do about it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Names the kind of problem; it never changes.
    #[serde(rename = "type")]
    #[schema(example = "urn:roost:problem:not-found")]
    kind: Kind,
    /// The kind in words.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What is wrong this time.
    detail: String,
    /// What to do about it.
    remedy: String,
    /// All that is wrong with the input, each for itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<InputError>,
}

/// One thing that is wrong with the input.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct InputError {
    /// Which field or parameter.
    pub(crate) field: String,
    /// What is wrong with it.
    pub(crate) detail: String,
}

impl Problem {
    /// A problem of that kind.
    pub(crate) fn new(kind: Kind, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        let (detail, remedy) = (detail.into(), remedy.into());
        Self { kind, title: kind.title(), status: kind.status().as_u16(), detail, remedy, errors: Vec::new() }
    }

    /// There is no such thing, or none that the caller may know of.
    pub(crate) fn not_found() -> Self {
        Self::new(
            Kind::NotFound,
            "There is no such thing, or it is not yours.",
            "Check the ids in the path; lists tell which there are.",
        )
    }

    /// Who asks is not certain.
    pub(crate) fn unauthenticated(why: impl std::fmt::Display) -> Self {
        let remedy = "Send `Authorization: Bearer …` with a token of the website's sign-in, or one made for a program.";
        Self::new(Kind::Unauthenticated, format!("It is not known who asks: {why}."), remedy)
    }

    /// Some field of the input is wrong.
    pub(crate) fn input(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let error = InputError { field: field.into(), detail: detail.into() };
        let problem =
            Self::new(Kind::Input, "Something in the request is not as it has to be.", "Correct what `errors` names.");
        Self { errors: vec![error], ..problem }
    }

    /// It cannot be as things stand.
    pub(crate) fn conflict(detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, detail, remedy)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Hidden => Self::not_found(),
            Denied::ForNobody | Denied::OneProject | Denied::PeopleOnly => {
                let (why, remedy) = denied.to_string().split_once([':', ';']).map_or_else(
                    || (denied.to_string(), String::new()),
                    |(why, remedy)| (why.to_owned(), remedy.trim().to_owned()),
                );
                Self::new(Kind::Forbidden, why, remedy)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.kind.status();
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        let pause = match self.kind {
            Kind::Passing | Kind::InProgress => Some(SOON),
            Kind::TooMany => Some(NEXT_MINUTE),
            _ => None,
        };
        headers.extend(pause.map(|pause| (header::RETRY_AFTER, HeaderValue::from_static(pause))));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_what_to_do() {
        let problem = serde_json::to_value(Problem::from(Denied::OneProject)).unwrap();
        assert_eq!(problem["type"], "urn:roost:problem:forbidden");
        assert_eq!(
            (problem["status"].as_u64(), problem["remedy"].as_str()),
            (Some(403), Some("use one for all of your projects"))
        );
        assert!(problem.get("errors").is_none());
    }

    #[test]
    fn what_is_somebody_elses_is_answered_like_what_is_not_there() {
        let (hidden, missing) = (Problem::from(Denied::Hidden), Problem::not_found());
        assert_eq!(serde_json::to_value(hidden).unwrap(), serde_json::to_value(missing).unwrap());
    }
}
