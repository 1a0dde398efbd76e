//! The outer layer: one gzip member and nothing else, decompressed within the limits.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;
use roost_domain::artifact::Limits;
use roost_domain::finding::Finding;

use crate::error::Stop;

const BUFFER_BYTES: usize = 256 * 1024;

/// What is wrong with the compressed archive.
#[derive(Debug, thiserror::Error)]
enum GzipFault {
    #[error("The archive is not compressed by gzip.")]
    NotGzip,
    #[error("The archive ends too early.")]
    Truncated,
    #[error("The archive is damaged: {0}.")]
    Damaged(io::Error),
    #[error("The archive consists of several gzip streams, of which programs read one or all.")]
    SeveralMembers,
    #[error("Something follows the end of the gzip stream.")]
    TrailingData,
    #[error("The archive is larger than {0} bytes.")]
    TooLarge(u64),
    #[error("The archive is larger than {0} bytes once decompressed.")]
    InflatesTooFar(u64),
    #[error("The archive is more than {0} times larger once decompressed.")]
    RatioTooHigh(u64),
}

/// The bytes of the one member.
pub(crate) struct Inflater<R: Read> {
    decoder: GzDecoder<Metered<R>>,
    limits: Limits,
    inflated: u64,
}

impl<R: Read> Inflater<R> {
    pub(crate) fn new(source: R, limits: &Limits) -> Self {
        let source = BufReader::with_capacity(BUFFER_BYTES, source);
        let metered = Metered { source, consumed: 0, most: limits.compressed_bytes, stop: None };
        Self { decoder: GzDecoder::new(metered), limits: limits.clone(), inflated: 0 }
    }

    /// Decompresses some bytes; none at the end of an archive that is whole.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Stop> {
        loop {
            match self.decoder.read(buffer) {
                Ok(0) => return self.check_end().map(|()| 0),
                Ok(count) => return self.check_growth(count).map(|()| count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.stop(error)),
            }
        }
    }

    fn check_growth(&mut self, count: usize) -> Result<(), Stop> {
        self.inflated += count as u64;
        let consumed = self.decoder.get_ref().consumed;
        if self.inflated > self.limits.inflated_bytes {
            return Err(GzipFault::InflatesTooFar(self.limits.inflated_bytes).into());
        }
        if self.inflated > self.limits.free_bytes + self.limits.ratio * consumed {
            return Err(GzipFault::RatioTooHigh(self.limits.ratio).into());
        }
        Ok(())
    }

    fn check_end(&mut self) -> Result<(), Stop> {
        let metered = self.decoder.get_mut();
        match metered.fill_buf() {
            Ok([]) => Ok(()),
            Ok([0x1f, ..]) => Err(GzipFault::SeveralMembers.into()),
            Ok(_) => Err(GzipFault::TrailingData.into()),
            Err(error) => Err(metered.stop.take().unwrap_or(Stop::Source(error))),
        }
    }

    /// Tells the source's failures from those of what it gave.
    fn stop(&mut self, error: io::Error) -> Stop {
        let has_header = self.decoder.header().is_some();
        match self.decoder.get_mut().stop.take() {
            Some(stop) => stop,
            None if !has_header => GzipFault::NotGzip.into(),
            None if error.kind() == io::ErrorKind::UnexpectedEof => GzipFault::Truncated.into(),
            None => GzipFault::Damaged(error).into(),
        }
    }
}

/// Counts what the decoder takes, and remembers why there was no more: the decoder would make it an error of its own.
struct Metered<R> {
    source: BufReader<R>,
    consumed: u64,
    most: u64,
    stop: Option<Stop>,
}

impl<R: Read> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.consumed > self.most {
            self.stop = Some(GzipFault::TooLarge(self.most).into());
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        match self.source.fill_buf() {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                self.stop = Some(Stop::Source(error));
                Err(io::ErrorKind::Other.into())
            }
            other => other,
        }
    }

    fn consume(&mut self, count: usize) {
        self.consumed += count as u64;
        self.source.consume(count);
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl From<GzipFault> for Stop {
    fn from(fault: GzipFault) -> Self {
        let (code, remedy) = fault.code_and_remedy();
        Self::Refused(Finding::new(code, fault.to_string(), remedy))
    }
}

impl GzipFault {
    const fn code_and_remedy(&self) -> (&'static str, &'static str) {
        const PACK: &str = "Pack the folder with `tar -czf app.tar.gz -C <folder> .`.";
        const AGAIN: &str = "Pack it again and upload it as a whole.";
        const LESS: &str = "Leave out what the build fetches or makes itself: `node_modules`, `target`, `.git`.";
        match self {
            Self::NotGzip => ("not-gzip", PACK),
            Self::Truncated => ("gzip-truncated", AGAIN),
            Self::Damaged(_) => ("gzip-damaged", AGAIN),
            Self::SeveralMembers => ("gzip-several-members", PACK),
            Self::TrailingData => ("gzip-trailing-data", PACK),
            Self::TooLarge(_) => ("archive-too-large", LESS),
            Self::InflatesTooFar(_) => ("inflates-too-far", LESS),
            Self::RatioTooHigh(_) => {
                ("ratio-too-high", "Leave out large files of mostly one byte; make them in the build.")
            }
        }
    }
}
