//! An object's content as a plain reader, for code that reads and does not wait.

use std::io::{self, Read};

use aws_sdk_s3::primitives::ByteStream;
use bytes::{Buf, Bytes};
use tokio::sync::mpsc;

/// How many pieces, as they come from the network, may wait to be read: some hundred KB.
const PIECES: usize = 16;

/// Reads an object as it comes. It blocks: read it on a thread of its own.
#[derive(Debug)]
pub struct ArchiveReader {
    pieces: mpsc::Receiver<io::Result<Bytes>>,
    piece: Bytes,
}

impl ArchiveReader {
    /// Fetches in the background; whatever is not read in the end is not fetched.
    pub(super) fn start(mut body: ByteStream) -> Self {
        let (sender, pieces) = mpsc::channel(PIECES);
        tokio::spawn(async move {
            while let Some(piece) = body.next().await {
                if sender.send(piece.map_err(io::Error::other)).await.is_err() {
                    return;
                }
            }
        });
        Self { pieces, piece: Bytes::new() }
    }
}

impl Read for ArchiveReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.pieces.blocking_recv() {
                Some(piece) => self.piece = piece?,
                None => return Ok(0),
            }
        }
        let length = buffer.len().min(self.piece.len());
        self.piece.copy_to_slice(&mut buffer[..length]);
        Ok(length)
    }
}
