//! An app's answer on its way to the client: for as long as it flows, the app is in use.

use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};

use crate::session::Guest;

/// A body that keeps its app from being forgotten.
#[derive(Debug)]
pub struct Relayed {
    body: Incoming,
    _guest: Guest,
}

impl Relayed {
    pub(super) fn new(body: Incoming, guest: Guest) -> Self {
        Self { body, _guest: guest }
    }
}

impl Body for Relayed {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
