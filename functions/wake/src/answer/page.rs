//! Pages for people. Styles and scripts are in them, so that they need nothing else, and a policy names exactly those.

use std::sync::LazyLock;

use askama::Template;
use data_encoding::BASE64;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use sha2::{Digest, Sha256};

use super::{Body, STATUS_PATH, come_back_after, text};
use crate::session::Progress;

const MEDIA_TYPE: &str = "text/html; charset=utf-8";
const STYLE: &str = include_str!("../../templates/page.css");
const SCRIPT: &str = include_str!("../../templates/waiting.js");

/// By the hashes only what is written here has an effect (<https://www.w3.org/TR/CSP3/>).
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = |text: &str| BASE64.encode(&Sha256::digest(text.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; connect-src 'self'; img-src data:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
        hash(STYLE),
        hash(SCRIPT)
    );
    HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
});

#[derive(Template)]
#[template(path = "waiting.html")]
struct Waiting<'a> {
    host: &'a str,
    words: &'a str,
    failed: bool,
    percent: u32,
    estimate: Option<String>,
    refresh: u64,
    status: &'static str,
    style: &'static str,
    script: &'static str,
}

#[derive(Template)]
#[template(path = "not_found.html")]
struct NotFound<'a> {
    host: &'a str,
    style: &'static str,
}

/// The page that is shown while an app wakes up, or when it does not.
#[must_use]
pub fn waiting_page(host: &str, progress: &Progress) -> Response<Body> {
    let refresh = progress.retry_after();
    let page = Waiting {
        host,
        words: progress.words(),
        failed: matches!(progress, Progress::Failed { .. }),
        percent: percent(progress.share()),
        estimate: progress.remaining().map(words_for),
        refresh,
        status: STATUS_PATH,
        style: STYLE,
        script: SCRIPT,
    };
    come_back_after(html(StatusCode::SERVICE_UNAVAILABLE, &page), refresh)
}

/// The page for a host that no app has.
#[must_use]
pub fn not_found_page(host: &str) -> Response<Body> {
    html(StatusCode::NOT_FOUND, &NotFound { host, style: STYLE })
}

fn html(status: StatusCode, page: &impl Template) -> Response<Body> {
    let Ok(page) = page.render() else { return super::problem("The page cannot be shown.", 5) };
    let mut response = text(status, MEDIA_TYPE, page);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    response
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share is between 0 and 1")]
fn percent(share: f64) -> u32 {
    (share * 100.0) as u32
}

fn words_for(remaining: std::time::Duration) -> String {
    match remaining.as_millis().div_ceil(1_000) {
        0..=1 => "Any moment now.".to_owned(),
        seconds @ 2..=90 => format!("About {seconds} seconds."),
        seconds => format!("About {} minutes.", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http_body_util::{BodyExt, Either};
    use roost_domain::visit::{Estimate, Stage};

    use super::*;

    const MOST_BYTES: usize = 10_000;

    async fn read(response: Response<Body>) -> (StatusCode, http::HeaderMap, String) {
        let (parts, body) = response.into_parts();
        let Either::Left(body) = body else { panic!("a text of the platform's") };
        let bytes = body.collect().await.unwrap().to_bytes();
        (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
    }

    fn waking() -> Progress {
        let estimate = Estimate { typical: Duration::from_secs(4), slow: Duration::from_secs(9) };
        Progress::waking(Stage::Pulling, Some(estimate))
    }

    #[tokio::test]
    async fn whoever_opens_a_page_is_told_to_wait_and_the_page_comes_back_by_itself() {
        let (status, headers, page) = read(waiting_page("a-b-c.example.com", &waking())).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(
            (&headers["retry-after"], &headers["cache-control"]),
            (&"4".parse().unwrap(), &"no-store".parse().unwrap())
        );
        for part in [
            "waking up, please wait…",
            "Preparing what it needs.",
            "About 4 seconds.",
            "http-equiv=\"refresh\"",
            "a-b-c.example.com",
        ] {
            assert!(page.contains(part), "{part} is not in {page}");
        }
        assert!(page.len() < MOST_BYTES, "{} bytes", page.len());
        assert!(headers["content-security-policy"].to_str().unwrap().contains("script-src 'sha256-"));
    }

    #[tokio::test]
    async fn a_page_of_an_app_that_does_not_wake_says_why() {
        let failed = Progress::Failed { words: "One of its images cannot be fetched.", retry_after: 30 };
        let (_, headers, page) = read(waiting_page("a.example.com", &failed)).await;
        assert_eq!(headers["retry-after"], "30");
        assert!(page.contains("One of its images cannot be fetched.") && page.contains("content=\"30\""), "{page}");
    }

    #[tokio::test]
    async fn nothing_that_a_client_writes_becomes_markup() {
        let (status, _, page) = read(not_found_page("<script>alert(1)</script>")).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(!page.contains("<script>"), "{page}");
    }
}
