//! An agent's answer, piece by piece as it comes.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use futures::stream::{Stream, unfold};
use serde_json::json;
use tracing::info;

use super::headers::to_caller;

const EVENTS: &str = "text/event-stream";

/// The answer for the caller. Dropped before its end, it ends the request to the agent.
pub(super) fn relay(answer: reqwest::Response) -> Response {
    let (status, headers) = (answer.status(), to_caller(answer.headers()));
    let pieces = pieces(answer, is_events(&headers));
    let mut response = Response::new(Body::from_stream(pieces));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn is_events(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(EVENTS)
}

fn pieces(answer: reqwest::Response, is_events: bool) -> impl Stream<Item = Result<Bytes, reqwest::Error>> {
    unfold(Some(answer), move |answer| async move {
        let mut answer = answer?;
        match answer.chunk().await {
            Ok(piece) => piece.map(|piece| (Ok(piece), Some(answer))),
            Err(error) => {
                let error = error.without_url();
                info!(%error, "an agent's answer broke off");
                // Whoever reads events would take the end of the connection for the answer's.
                Some((if is_events { Ok(broken_off()) } else { Err(error) }, None))
            }
        }
    })
}

fn broken_off() -> Bytes {
    let problem = json!({
        "type": "urn:roost:problem:agent", "title": "The agent has not answered",
        "detail": "The agent closed the connection in the middle of its answer.",
        "remedy": "Send the message again; the app's logs may tell more.",
    });
    Bytes::from(format!("\n\nevent: error\ndata: {problem}\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_of_events_is_known_by_its_type() {
        let of = |kind: &'static str| is_events(&HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]));
        assert!(of("text/event-stream") && of("Text/Event-Stream; charset=utf-8"));
        assert!(!of("application/json") && !is_events(&HeaderMap::new()));
    }

    #[test]
    fn a_broken_answer_ends_with_an_event_of_its_own() {
        let event = String::from_utf8(broken_off().to_vec()).unwrap();
        assert!(event.starts_with("\n\nevent: error\ndata: {") && event.ends_with("}\n\n"), "{event:?}");
    }
}
