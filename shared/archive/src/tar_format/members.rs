//! The entries of a tar file, one after the other.

use roost_domain::artifact::Limits;
use tar::EntryType;

use super::extensions::Extensions;
use super::fault::TarFault;
use super::header::{BLOCK_BYTES, Header};
use super::pax;
use crate::error::Stop;
use crate::read_ahead::Stream;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Directory,
    Symlink,
    HardLink,
    /// A device, a pipe, or something only its maker knows.
    Special,
}

/// An entry as the archive has it, with nothing of it checked.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) kind: Kind,
    pub(crate) path: Vec<u8>,
    pub(crate) link: Vec<u8>,
    pub(crate) size: u64,
    pub(crate) executable: bool,
}

/// Reads entries and their contents in turn.
pub(crate) struct Members {
    stream: Stream,
    most_extension_bytes: u64,
    headers: u64,
    /// Of the entry at hand: bytes of content not yet read, and of the padding behind them.
    content_left: u64,
    padding: u64,
}

impl Members {
    pub(crate) fn new(stream: Stream, limits: &Limits) -> Self {
        Self { stream, most_extension_bytes: limits.extension_bytes, headers: 0, content_left: 0, padding: 0 }
    }

    /// How many bytes of the tar file were read.
    pub(crate) fn position(&self) -> u64 {
        self.stream.position()
    }

    /// The next entry; nothing once the archive has ended as it should.
    pub(crate) fn next(&mut self) -> Result<Option<Member>, Stop> {
        let mut extensions = Extensions::default();
        loop {
            self.skip_content()?;
            let Some(block) = self.next_header()? else {
                return if extensions.is_empty() { Ok(None) } else { Err(self.stop(&TarFault::LooseExtension)) };
            };
            let mut header = Header::parse(&block).map_err(|fault| self.stop(&fault))?;
            self.content_left = header.size;
            self.padding = header.size.next_multiple_of(BLOCK_BYTES as u64) - header.size;
            if !self.take_extension(&header, &mut extensions)? {
                return extensions
                    .apply(&mut header)
                    .and_then(|()| member(header))
                    .map(Some)
                    .map_err(|fault| self.stop(&fault));
            }
        }
    }

    /// The next bytes of the entry's content; none at its end.
    pub(crate) fn content(&mut self) -> Result<&[u8], Stop> {
        if self.content_left == 0 {
            return Ok(&[]);
        }
        let chunk = self.stream.next(self.content_left)?;
        if chunk.is_empty() {
            return Err(Stop::Refused(TarFault::Truncated.finding(self.headers)));
        }
        self.content_left -= chunk.len() as u64;
        Ok(chunk)
    }

    /// Whether the header is one about the entry after it, which is then read.
    fn take_extension(&mut self, header: &Header, extensions: &mut Extensions) -> Result<bool, Stop> {
        let result = match header.entry_type {
            EntryType::GNULongName => extensions.set_long_path(self.extension()?),
            EntryType::GNULongLink => extensions.set_long_link(self.extension()?),
            EntryType::XHeader => extensions.set_pax(&self.extension()?),
            EntryType::XGlobalHeader if extensions.is_empty() => pax::check_global(&self.extension()?),
            EntryType::XGlobalHeader => Err(TarFault::MixedExtensions),
            _ => return Ok(false),
        };
        result.map(|()| true).map_err(|fault| self.stop(&fault))
    }

    fn extension(&mut self) -> Result<Vec<u8>, Stop> {
        if self.content_left > self.most_extension_bytes {
            return Err(self.stop(&TarFault::ExtensionTooLong(self.most_extension_bytes)));
        }
        let mut data = Vec::new();
        while let chunk @ [_, ..] = self.content()? {
            data.extend_from_slice(chunk);
        }
        Ok(data)
    }

    fn skip_content(&mut self) -> Result<(), Stop> {
        self.content_left += std::mem::take(&mut self.padding);
        while !self.content()?.is_empty() {}
        Ok(())
    }

    /// The next block that is a header; nothing after the two empty blocks that end an archive.
    fn next_header(&mut self) -> Result<Option<[u8; BLOCK_BYTES]>, Stop> {
        let block = self.block()?;
        if block.iter().any(|c| *c != 0) {
            self.headers += 1;
            return Ok(Some(block));
        }
        if self.block()?.iter().any(|c| *c != 0) {
            return Err(self.stop(&TarFault::TrailingData));
        }
        // Archivers fill up their last record.
        while let chunk @ [_, ..] = self.stream.next(u64::MAX)? {
            if chunk.iter().any(|c| *c != 0) {
                return Err(self.stop(&TarFault::TrailingData));
            }
        }
        Ok(None)
    }

    fn block(&mut self) -> Result<[u8; BLOCK_BYTES], Stop> {
        let mut block = [0; BLOCK_BYTES];
        let mut filled = 0;
        while filled < BLOCK_BYTES {
            let chunk = self.stream.next((BLOCK_BYTES - filled) as u64)?;
            if chunk.is_empty() {
                return Err(self.stop(&TarFault::Truncated));
            }
            block[filled..filled + chunk.len()].copy_from_slice(chunk);
            filled += chunk.len();
        }
        Ok(block)
    }

    fn stop(&self, fault: &TarFault) -> Stop {
        Stop::Refused(fault.finding(self.headers))
    }
}

fn member(header: Header) -> Result<Member, TarFault> {
    let Header { entry_type, path, link, size, executable } = header;
    let kind = match entry_type {
        EntryType::Regular => Kind::File,
        EntryType::Directory => Kind::Directory,
        EntryType::Symlink => Kind::Symlink,
        EntryType::Link => Kind::HardLink,
        EntryType::GNUSparse => return Err(TarFault::Sparse),
        _ => Kind::Special,
    };
    // Some programs skip the size of these, some do not; and a file whose path ends as a directory's is either.
    let has_content = matches!(kind, Kind::File | Kind::Special);
    if (size > 0 && !has_content) || (kind == Kind::File && path.ends_with(b"/")) {
        return Err(TarFault::SizeOfNothing);
    }
    Ok(Member { kind, path, link, size, executable })
}
