//! Answers: JSON with a status, a place where what was made is, and marks by which caches know it again.

mod etag;
mod once;
mod paging;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

pub(crate) use etag::with_etags;
pub(crate) use once::{OnceKey, Request as OnceRequest};
pub(crate) use paging::{Listed, Paging, PagingQuery};

use crate::problem::Problem;

/// What a handler comes to.
pub(crate) type Answered<T> = Result<Answer<T>, Problem>;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    status: StatusCode,
    location: Option<String>,
    body: T,
}

impl<T> Answer<T> {
    /// Here it is.
    pub(crate) fn ok(body: T) -> Self {
        Self { status: StatusCode::OK, location: None, body }
    }

    /// It is made, and there.
    pub(crate) fn created(location: String, body: T) -> Self {
        Self { status: StatusCode::CREATED, location: Some(location), body }
    }

    /// It is begun, and can be followed there.
    pub(crate) fn accepted(location: String, body: T) -> Self {
        Self { status: StatusCode::ACCEPTED, location: Some(location), body }
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let Ok(body) = serde_json::to_vec(&self.body) else { return Problem::internal().into_response() };
        let mut response = (self.status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
        // What is one user's is kept for nobody else, and looked at again each time.
        let private = HeaderValue::from_static("private, no-cache");
        response.headers_mut().insert(header::CACHE_CONTROL, private);
        if let Some(location) = self.location.and_then(|location| HeaderValue::try_from(location).ok()) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}
