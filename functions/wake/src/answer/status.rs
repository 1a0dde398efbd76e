//! What the waiting page asks for while it waits.

use http::{HeaderValue, Response, StatusCode};
use serde_json::json;

use super::{Body, text};
use crate::session::Progress;

/// Where the page asks. Apps cannot claim it, and once the app answers there, the page knows that it is awake.
pub const STATUS_PATH: &str = "/.roost/wake";
/// Tells the platform's answer from an app's.
const MARK: &str = "roost-wake";

/// How far the app has come.
#[must_use]
pub fn status(progress: &Progress) -> Response<Body> {
    let body = json!({
        "ready": matches!(progress, Progress::Open),
        "failed": matches!(progress, Progress::Failed { .. }),
        "words": progress.words(),
        "share": progress.share(),
        "retryAfter": progress.retry_after(),
    });
    let mut response = text(StatusCode::OK, "application/json", body.to_string());
    response.headers_mut().insert(MARK, HeaderValue::from_static("1"));
    response
}
