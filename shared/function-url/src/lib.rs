//! A router behind a function URL: what that sends, and what it takes for an answer
//! (<https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html>).

mod headers;
mod streaming;

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use data_encoding::BASE64;
use lambda_runtime::{Error, FunctionResponse, LambdaEvent, run_concurrent, service_fn};
use serde::{Deserialize, Serialize};
use tower::ServiceExt;
use tracing::{Instrument, field, info, info_span};

use headers::{cookies, single_valued};
use streaming::streamed;

/// Lambda takes no longer answers, in bytes.
const LONGEST_ANSWER: usize = 6 * 1024 * 1024;

/// How a function URL takes answers, by Lambda's own words
/// (<https://docs.aws.amazon.com/lambda/latest/dg/config-rs-invoke-furls.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvokeMode {
    /// Whole.
    Buffered,
    /// Piece by piece.
    ResponseStream,
}

impl InvokeMode {
    /// Takes one of Lambda's words.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "BUFFERED" => Some(Self::Buffered),
            "RESPONSE_STREAM" => Some(Self::ResponseStream),
            _ => None,
        }
    }
}

/// A request as the function gets it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    raw_path: String,
    #[serde(default)]
    raw_query_string: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// They come beside the other headers.
    #[serde(default)]
    cookies: Vec<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
    request_context: Context,
}

#[derive(Debug, Deserialize)]
struct Context {
    http: HttpContext,
}

#[derive(Debug, Deserialize)]
struct HttpContext {
    method: String,
}

/// An answer as the function gives it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answered {
    status_code: u16,
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cookies: Vec<String>,
    body: String,
    is_base64_encoded: bool,
}

/// Answers requests until the function is stopped, as its URL takes answers.
pub async fn serve(router: Router, mode: InvokeMode) -> Result<(), Error> {
    run_concurrent(service_fn(move |event: LambdaEvent<Asked>| {
        let router = router.clone();
        async move {
            Ok::<_, Error>(match mode {
                InvokeMode::Buffered => FunctionResponse::BufferedResponse(answer(router, event.payload).await?),
                InvokeMode::ResponseStream => {
                    FunctionResponse::StreamingResponse(streamed(respond(router, event.payload).await?))
                }
            })
        }
    }))
    .await
}

async fn answer(router: Router, asked: Asked) -> Result<Answered, Error> {
    Answered::of(respond(router, asked).await?).await
}

async fn respond(router: Router, asked: Asked) -> Result<Response<Body>, Error> {
    let (method, path) = (asked.request_context.http.method.clone(), asked.raw_path.clone());
    let span = info_span!("request", method, path, caller = field::Empty);
    let work = async {
        let response = match request(asked) {
            Ok(request) => router.oneshot(request).await?,
            Err(error) => unreadable(&error),
        };
        info!(status = response.status().as_u16(), "request answered");
        Ok(response)
    };
    work.instrument(span).await
}

fn request(asked: Asked) -> Result<Request<Body>, Error> {
    let place = match asked.raw_query_string.as_str() {
        "" => asked.raw_path,
        query => format!("{}?{query}", asked.raw_path),
    };
    let mut request = Request::builder().method(asked.request_context.http.method.as_str()).uri(place);
    let has_cookies = !asked.cookies.is_empty();
    for (name, value) in asked.headers {
        // The emulator sends them twice.
        if !(has_cookies && name.eq_ignore_ascii_case(header::COOKIE.as_str())) {
            request = request.header(name, value);
        }
    }
    if has_cookies {
        request = request.header(header::COOKIE, asked.cookies.join("; "));
    }
    let body = match (asked.body, asked.is_base64_encoded) {
        (Some(body), true) => BASE64.decode(body.as_bytes())?,
        (Some(body), false) => body.into_bytes(),
        (None, _) => Vec::new(),
    };
    Ok(request.body(Body::from(body))?)
}

impl Answered {
    async fn of(response: Response<Body>) -> Result<Self, Error> {
        let (parts, body) = response.into_parts();
        let (cookies, headers) = (cookies(&parts.headers), single_valued(parts.headers));
        let body = to_bytes(body, LONGEST_ANSWER).await?.to_vec();
        let (body, is_base64_encoded) = match String::from_utf8(body) {
            Ok(text) => (text, false),
            Err(other) => (BASE64.encode(other.as_bytes()), true),
        };
        Ok(Self { status_code: parts.status.as_u16(), headers: as_text(&headers), cookies, body, is_base64_encoded })
    }
}

fn as_text(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect()
}

/// The emulator passes on what AWS would have refused.
fn unreadable(error: &Error) -> Response<Body> {
    info!(%error, "a request that cannot be read");
    let mut response = Response::default();
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

#[cfg(test)]
mod tests {
    use axum::routing::{get, post};
    use serde_json::json;

    use super::*;

    fn asked(body: &str, is_base64: bool) -> Asked {
        let event = json!({
            "version": "2.0", "rawPath": "/echo", "rawQueryString": "a=1&b=%20",
            "headers": {"content-type": "text/plain", "authorization": "Bearer t"},
            "requestContext": {"http": {"method": "POST", "path": "/echo"}},
            "body": body, "isBase64Encoded": is_base64,
        });
        serde_json::from_value(event).unwrap()
    }

    #[tokio::test]
    async fn a_request_arrives_whole_and_so_does_its_answer() {
        let echo = post(|request: axum::extract::Request| async move {
            let query = request.uri().query().unwrap().to_owned();
            let body = to_bytes(request.into_body(), 100).await.unwrap();
            ([(header::CONTENT_TYPE, query)], body)
        });
        let router = Router::new().route("/echo", echo);
        for (sent, is_base64) in [("hello", false), ("aGVsbG8=", true)] {
            let answered = answer(router.clone(), asked(sent, is_base64)).await.unwrap();
            assert_eq!((answered.status_code, answered.body.as_str()), (200, "hello"));
            assert_eq!(answered.headers["content-type"], "a=1&b=%20");
        }
        let binary = answer(router, asked("/w==", true)).await.unwrap();
        assert!(binary.is_base64_encoded && binary.body == "/w==");
    }

    #[tokio::test]
    async fn cookies_go_and_come_each_for_itself() {
        let swap = get(|headers: HeaderMap| async move {
            assert_eq!(headers[header::COOKIE], "a=1; b=2");
            let mut set = HeaderMap::new();
            set.append(header::SET_COOKIE, "a=3; Path=/".parse().unwrap());
            set.append(header::SET_COOKIE, "b=4; Expires=Sat, 21 Nov 2026 15:00:00 GMT".parse().unwrap());
            set
        });
        let event = json!({"rawPath": "/", "cookies": ["a=1", "b=2"], "headers": {"cookie": "a=1; b=2"},
            "requestContext": {"http": {"method": "GET"}}});
        let answered = answer(Router::new().route("/", swap), serde_json::from_value(event).unwrap()).await.unwrap();
        assert_eq!(answered.cookies, ["a=3; Path=/", "b=4; Expires=Sat, 21 Nov 2026 15:00:00 GMT"]);
        assert!(!answered.headers.contains_key("set-cookie"));
    }

    #[tokio::test]
    async fn what_is_no_request_is_answered_and_not_a_failure() {
        assert_eq!(answer(Router::new(), asked("!", true)).await.unwrap().status_code, 400);
    }
}
