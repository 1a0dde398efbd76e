//! What no page does without: a policy by which a browser runs nothing else, and proof that a change was asked for here.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::console::Console;
use crate::failure::Failure;

const SITE: &str = "sec-fetch-site";
/// Resource isolation (<https://www.w3.org/TR/post-spectre-webdev/>).
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Changes count only if a page of the console asked for them. Apps of users are on the same site, so that cookies alone
/// prove nothing; what browsers say of a request's origin does
/// (<https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html>).
pub(crate) async fn only_from_here(State(console): State<Console>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads || is_from_here(request.headers(), console.url()) {
        next.run(request).await
    } else {
        Failure::FromElsewhere.into_response()
    }
}

fn is_from_here(headers: &HeaderMap, url: &str) -> bool {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
    match (text(SITE), text(header::ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin",
        (None, origin) => origin == Some(url),
    }
}

/// Nothing but the console's own files is run or shown, and nothing of it is kept or put into a frame.
pub(crate) async fn with_policy(State(console): State<Console>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' {}; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        console.storage()
    );
    let policy = HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// A file is what it says it is.
pub(crate) async fn without_guessing(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://console.example.com";

    fn from(headers: &[(&'static str, &'static str)]) -> bool {
        let headers =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        is_from_here(&headers.collect(), URL)
    }

    #[test]
    fn a_change_is_asked_for_by_the_consoles_own_pages_alone() {
        assert!(from(&[("sec-fetch-site", "same-origin"), ("origin", URL)]));
        assert!(from(&[("origin", URL)]));
        for headers in [
            &[][..],
            &[("origin", "null")],
            &[("origin", "https://custard.example.com")],
            &[("sec-fetch-site", "same-site"), ("origin", "https://custard.example.com")],
            &[("sec-fetch-site", "cross-site")],
            // Somebody who typed the address sends no form.
            &[("sec-fetch-site", "none")],
        ] {
            assert!(!from(headers), "{headers:?}");
        }
    }
}
