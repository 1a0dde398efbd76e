//! An answer that a function streams, as a function URL reads it: a prelude, eight zero bytes, then the body
//! (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming>).

use std::time::Duration;

use anyhow::{Context, Result};
use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::{HeaderMap, StatusCode};
use futures::StreamExt;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::timeout;

const MODE: &str = "lambda-runtime-function-response-mode";
const SEPARATOR: [u8; 8] = [0; 8];
/// An answer that pauses for longer has ended.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// An answer as its caller gets it. Dropped before its end, it is a caller who leaves.
#[derive(Debug)]
pub struct Streamed {
    /// `statusCode`, `headers` and `cookies`.
    pub prelude: Value,
    pieces: mpsc::Receiver<Bytes>,
}

/// The rest of an answer, on its way from the function.
pub(crate) struct Rest {
    body: BodyDataStream,
    first: Bytes,
    pieces: mpsc::Sender<Bytes>,
}

pub(crate) fn is_streamed(headers: &HeaderMap) -> bool {
    headers.get(MODE).is_some_and(|mode| mode == "streaming")
}

/// Reads the prelude; nothing if there is none.
pub(crate) async fn begin(body: Body) -> Option<(Streamed, Rest)> {
    let (mut body, mut read) = (body.into_data_stream(), Vec::new());
    let end = loop {
        read.extend_from_slice(&body.next().await?.ok()?);
        if let Some(end) = read.windows(SEPARATOR.len()).position(|bytes| bytes == SEPARATOR) {
            break end;
        }
    };
    let prelude = serde_json::from_slice(&read[..end]).ok()?;
    let first = Bytes::copy_from_slice(&read[end + SEPARATOR.len()..]);
    // Nothing is kept ready: what the caller does not read, the function does not get rid of.
    let (sender, pieces) = mpsc::channel(1);
    Some((Streamed { prelude, pieces }, Rest { body, first, pieces: sender }))
}

impl Rest {
    /// Passes the rest on until its end, or until the caller has left: then what is still sent is not read.
    pub(crate) async fn pass_on(mut self) -> StatusCode {
        if !self.first.is_empty() && self.pieces.send(self.first).await.is_err() {
            return StatusCode::GONE;
        }
        loop {
            let piece = tokio::select! {
                piece = self.body.next() => piece,
                () = self.pieces.closed() => return StatusCode::GONE,
            };
            let Some(Ok(piece)) = piece else { return StatusCode::ACCEPTED };
            if self.pieces.send(piece).await.is_err() {
                return StatusCode::GONE;
            }
        }
    }
}

impl Streamed {
    /// The next piece of the body; nothing at its end.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        timeout(LONGEST_PAUSE, self.pieces.recv()).await.context("the answer has come to a standstill")
    }

    /// The whole body, as text.
    pub async fn text(&mut self) -> Result<String> {
        let mut text = Vec::new();
        while let Some(piece) = self.next().await? {
            text.extend_from_slice(&piece);
        }
        Ok(String::from_utf8(text)?)
    }

    /// One header of the answer.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.prelude["headers"][name].as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(pieces: Vec<&'static str>) -> Body {
        let pieces = pieces.into_iter().map(|piece| Ok::<_, std::io::Error>(Bytes::from(piece)));
        Body::from_stream(futures::stream::iter(pieces))
    }

    #[tokio::test]
    async fn a_prelude_is_read_however_it_is_cut() {
        for pieces in [
            vec!["{\"statusCode\":200}\0\0\0\0\0\0\0\0one", "two"],
            vec!["{\"status", "Code\":200}\0\0\0", "\0\0\0\0\0", "one", "two"],
        ] {
            let (mut streamed, rest) = begin(body(pieces)).await.unwrap();
            assert_eq!(streamed.prelude["statusCode"], 200);
            let (status, text) = tokio::join!(rest.pass_on(), streamed.text());
            assert_eq!((status, text.unwrap().as_str()), (StatusCode::ACCEPTED, "onetwo"));
        }
        assert!(begin(body(vec!["{}"])).await.is_none());
    }

    #[tokio::test]
    async fn a_caller_who_leaves_ends_the_answer() {
        let prelude = Ok::<_, std::io::Error>(Bytes::from("{}\0\0\0\0\0\0\0\0"));
        let endless = Body::from_stream(futures::stream::iter([prelude]).chain(futures::stream::pending()));
        let (streamed, rest) = begin(endless).await.unwrap();
        drop(streamed);
        assert_eq!(rest.pass_on().await, StatusCode::GONE);
    }
}
