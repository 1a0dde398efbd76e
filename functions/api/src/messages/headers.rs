//! Which headers go on with a message, and with its answer. What is not named here stays: who asks is told to nobody, and
//! an agent's answer can do nothing in the place of the API's own.

use axum::http::header::{
    ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

const OF_MESSAGES: [HeaderName; 5] =
    [ACCEPT, ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_TYPE, HeaderName::from_static("last-event-id")];
const OF_REPLIES: [HeaderName; 5] = [CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER];
/// Protocols of agents name themselves so, such as `x-vercel-ai-data-stream`.
const OF_AGENTS: &str = "x-";
/// Of these, some tell browsers what to do.
const OF_BROWSERS: [&str; 5] =
    ["x-content-type-options", "x-dns-prefetch-control", "x-frame-options", "x-robots-tag", "x-xss-protection"];
const CONTENT_SECURITY_POLICY: HeaderName = HeaderName::from_static("content-security-policy");

/// What of a caller's request the agent gets to see.
pub(super) fn to_agent(headers: &HeaderMap) -> HeaderMap {
    let kept = OF_MESSAGES.into_iter().filter_map(|name| headers.get(&name).cloned().map(|value| (name, value)));
    kept.collect()
}

/// What of the agent's answer the caller gets to see. Should a browser show it, it is no page of the API's.
pub(super) fn to_caller(headers: &HeaderMap) -> HeaderMap {
    let is_own = |name: &HeaderName| name.as_str().starts_with(OF_AGENTS) && !OF_BROWSERS.contains(&name.as_str());
    let kept = headers.iter().filter(|(name, _)| OF_REPLIES.contains(name) || is_own(name));
    let mut kept: HeaderMap = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    for name in named_by_connection(headers) {
        kept.remove(name);
    }
    kept.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    kept.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    kept
}

/// These are about one connection (RFC 9110, 7.6.1).
fn named_by_connection(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all("connection").into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        all.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    fn names(headers: &HeaderMap) -> Vec<&str> {
        let mut names: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn an_agent_is_not_told_who_asks() {
        let sent = headers(&[
            ("accept", "text/event-stream"),
            ("authorization", "Bearer roost_abc"),
            ("connection", "keep-alive"),
            ("content-type", "application/json"),
            ("cookie", "roost_session=abc"),
            ("host", "api.example.com"),
            ("proxy-authorization", "Basic YTpi"),
            ("roost-act-for", "alice"),
            ("x-api-key", "abc"),
            ("x-forwarded-for", "192.0.2.1"),
            ("x-secret-key", "a guess"),
        ]);
        assert_eq!(names(&to_agent(&sent)), ["accept", "content-type"]);
    }

    #[test]
    fn an_answer_sets_no_cookie_and_is_no_page_of_the_apis() {
        let answered = headers(&[
            ("connection", "x-hop, close"),
            ("content-length", "12"),
            ("content-type", "text/html"),
            ("location", "https://elsewhere.example.com"),
            ("set-cookie", "roost_session=mine"),
            ("transfer-encoding", "chunked"),
            ("x-hop", "1"),
            ("x-frame-options", "ALLOWALL"),
            ("x-vercel-ai-data-stream", "v1"),
        ]);
        let kept = to_caller(&answered);
        assert_eq!(
            names(&kept),
            ["cache-control", "content-security-policy", "content-type", "x-vercel-ai-data-stream"]
        );
    }
}
