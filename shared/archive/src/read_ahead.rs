//! Decompression on a thread of its own, a few buffers ahead of whoever hashes and writes.

use std::io::Read;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use roost_domain::artifact::Limits;

use crate::error::Stop;
use crate::gzip::Inflater;

/// Large enough that handing it over costs nothing, small enough for a processor's second cache.
const CHUNK_BYTES: usize = 128 * 1024;
/// Decompressed and not yet read.
const CHUNKS_AHEAD: usize = 4;

/// The archive's bytes, decompressed.
pub(crate) struct Stream {
    chunks: Receiver<Result<Vec<u8>, Stop>>,
    read: Sender<Vec<u8>>,
    chunk: Vec<u8>,
    at: usize,
    position: u64,
}

/// Lets `work` read what `source` holds.
pub(crate) fn read_ahead<T>(source: impl Read + Send, limits: &Limits, work: impl FnOnce(Stream) -> T) -> T {
    let (to_worker, chunks) = sync_channel(CHUNKS_AHEAD);
    let (read, used) = channel();
    thread::scope(|scope| {
        scope.spawn(move || inflate(Inflater::new(source, limits), &to_worker, &used));
        work(Stream { chunks, read, chunk: Vec::new(), at: 0, position: 0 })
    })
}

/// Ends with the archive, with what is wrong with it, or when nobody reads any more.
fn inflate(mut inflater: Inflater<impl Read>, chunks: &SyncSender<Result<Vec<u8>, Stop>>, used: &Receiver<Vec<u8>>) {
    loop {
        let mut chunk = used.try_recv().unwrap_or_default();
        chunk.resize(CHUNK_BYTES, 0);
        let message = match fill(&mut inflater, &mut chunk) {
            Ok(0) => return,
            Ok(count) => {
                chunk.truncate(count);
                Ok(chunk)
            }
            Err(stop) => Err(stop),
        };
        let is_last = message.is_err();
        if chunks.send(message).is_err() || is_last {
            return;
        }
    }
}

/// Reads until the buffer is full or the archive at its end: what comes over a network comes in small pieces.
fn fill(inflater: &mut Inflater<impl Read>, buffer: &mut [u8]) -> Result<usize, Stop> {
    let mut filled = 0;
    while filled < buffer.len() {
        match inflater.read(&mut buffer[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}

impl Stream {
    /// The next bytes, at most so many; none at the end.
    pub(crate) fn next(&mut self, most: u64) -> Result<&[u8], Stop> {
        if self.at == self.chunk.len() && !self.receive()? {
            return Ok(&[]);
        }
        let rest = self.chunk.len() - self.at;
        let count = usize::try_from(most).map_or(rest, |most| most.min(rest));
        let from = self.at;
        self.at += count;
        self.position += count as u64;
        Ok(&self.chunk[from..self.at])
    }

    /// How many bytes were read.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    fn receive(&mut self) -> Result<bool, Stop> {
        let Ok(received) = self.chunks.recv() else { return Ok(false) };
        let spent = std::mem::replace(&mut self.chunk, received?);
        self.at = 0;
        // The other side may have finished already, and needs no more buffers.
        let _ = self.read.send(spent);
        Ok(true)
    }
}
