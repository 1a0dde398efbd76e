//! What a project's agent is told, and its answer as it comes.

use reqwest::{Response, StatusCode, header};
use roost_domain::naming::ProjectName;
use serde::Serialize;
use serde_json::{Value, json};

use crate::request::Request;
use crate::way::unreachable;
use crate::{Account, ClientError, Problem};

const EVENTS: &str = "text/event-stream";
/// By this event the platform says that an answer has broken off.
const ERROR: &str = "error";

/// An agent's answer. Dropped before its end, it ends what the agent does for it.
#[derive(Debug)]
pub struct Reply {
    answer: Response,
    place: String,
    is_events: bool,
    read: Vec<u8>,
}

/// One event (<https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream>).
#[derive(Debug, Default, PartialEq, Eq)]
struct Event {
    kind: String,
    data: Option<String>,
}

impl Account {
    /// Tells a project's agent something, in the agent's own form; an agent that sleeps wakes.
    pub async fn message(&self, project: &ProjectName, message: &impl Serialize) -> Result<Reply, ClientError> {
        let answer = self.client.open(Request::post(&self.of(project, &["messages"]), message)).await?;
        let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_events = kind.starts_with(EVENTS);
        Ok(Reply { answer, place: self.client.place().to_owned(), is_events, read: Vec::new() })
    }

    /// Tells it a text, in the form in which most agents take what they are told.
    pub async fn say(&self, project: &ProjectName, text: &str) -> Result<Reply, ClientError> {
        self.message(project, &json!({"messages": [{"role": "user", "content": text}]})).await
    }
}

/// What an agent says in a piece of its answer, if it says it under a usual name.
#[must_use]
pub fn words_of(piece: &str) -> Option<String> {
    let Ok(value) = serde_json::from_str::<Value>(piece) else { return Some(piece.to_owned()) };
    let named = ["text", "content"].iter().find_map(|name| value.get(name)?.as_str());
    named.or(value.as_str()).map(str::to_owned)
}

impl Reply {
    /// The next event's data, or what came next of an answer that is no stream of events; nothing at the end.
    pub async fn next(&mut self) -> Result<Option<String>, ClientError> {
        loop {
            if let Some(event) = self.next_event() {
                match event {
                    Event { kind, data: Some(data) } if kind == ERROR => return Err(broken_off(&data)),
                    Event { data: Some(data), .. } => return Ok(Some(data)),
                    Event { data: None, .. } => continue,
                }
            }
            let piece = self.answer.chunk().await.map_err(|source| unreachable(&self.place, source))?;
            match piece {
                Some(piece) => self.read.extend_from_slice(&piece),
                None if self.is_events || self.read.is_empty() => return Ok(None),
                None => return Ok(Some(text(&std::mem::take(&mut self.read)))),
            }
        }
    }

    fn next_event(&mut self) -> Option<Event> {
        let end = self.is_events.then(|| end_of_event(&self.read)).flatten()?;
        let event: Vec<u8> = self.read.drain(..end).collect();
        Some(Event::parse(&text(&event)))
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Where the first empty line ends.
fn end_of_event(read: &[u8]) -> Option<usize> {
    let ends = [&b"\n\n"[..], b"\r\n\r\n"].into_iter();
    ends.filter_map(|end| Some(read.windows(end.len()).position(|bytes| bytes == end)? + end.len())).min()
}

impl Event {
    fn parse(text: &str) -> Self {
        let mut event = Self::default();
        for line in text.lines() {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => value.clone_into(&mut event.kind),
                "data" => {
                    event.data =
                        Some(event.data.take().map_or_else(|| value.to_owned(), |data| format!("{data}\n{value}")));
                }
                _ => {}
            }
        }
        event
    }
}

fn broken_off(problem: &str) -> ClientError {
    ClientError::Refused(Box::new(Problem::of(StatusCode::BAD_GATEWAY, problem.as_bytes(), None)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_agent_says_is_found_under_usual_names() {
        assert_eq!(words_of(r#"{"kind": "told", "text": "hello"}"#).as_deref(), Some("hello"));
        assert_eq!(words_of(r#"{"content": "hello"}"#).as_deref(), Some("hello"));
        assert_eq!(words_of(r#""hello""#).as_deref(), Some("hello"));
        assert_eq!(words_of("hello you").as_deref(), Some("hello you"));
        assert_eq!(words_of(r#"{"kind": "finish"}"#), None);
    }

    #[test]
    fn events_are_told_apart_by_empty_lines() {
        assert_eq!(end_of_event(b"data: 1\n\ndata: 2\n\n"), Some(9));
        assert_eq!(end_of_event(b"data: 1\r\n\r\n"), Some(11));
        assert_eq!(end_of_event(b"data: 1\n"), None);
    }

    #[test]
    fn an_event_has_its_data_in_lines() {
        let event = Event::parse(": a remark\nevent: error\nid: 7\ndata: one\ndata:two\n\n");
        assert_eq!(event, Event { kind: "error".to_owned(), data: Some("one\ntwo".to_owned()) });
        assert_eq!(Event::parse("\n\n"), Event::default());
    }
}
