//! Counts and sums up what is written.

use std::io::{self, Write};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// A writer that knows the size and checksum of what went through it.
pub(super) struct Sink<W> {
    inner: W,
    digest: Sha256,
    size: u64,
}

impl<W: Write> Sink<W> {
    pub(super) fn new(inner: W) -> Self {
        Self { inner, digest: Sha256::new(), size: 0 }
    }

    /// The size and the SHA-256, in hexadecimal.
    pub(super) fn finish(mut self) -> io::Result<(u64, String)> {
        self.inner.flush()?;
        Ok((self.size, HEXLOWER.encode(&self.digest.finalize())))
    }
}

impl<W: Write> Write for Sink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.digest.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
