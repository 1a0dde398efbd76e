//! Answers of the platform's own: what it says while an app cannot.

mod page;
mod problem;
mod status;

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::{Either, Full};
use roost_domain::visit::Intent;

pub use page::{not_found_page, waiting_page};
pub use problem::{nothing_there, problem, short};
pub use status::{STATUS_PATH, status};

use crate::forward::Relayed;

/// What is answered: a text of the platform's, or what an app says.
pub type Body = Either<Full<Bytes>, Relayed>;

/// Nobody has this address.
#[must_use]
pub fn unknown_host(authority: &str, intent: Intent) -> Response<Body> {
    match intent {
        Intent::Page => not_found_page(authority),
        Intent::Answer(_) | Intent::Nothing(_) => nothing_there("No app has this address."),
    }
}

fn text(status: StatusCode, media_type: &'static str, text: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(Either::Left(Full::new(text.into())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn come_back_after(mut response: Response<Body>, seconds: u64) -> Response<Body> {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}
