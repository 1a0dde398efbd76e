//! Tar files put together byte by byte, as no archiver would write them.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

pub(crate) const FILE: u8 = b'0';
pub(crate) const HARD_LINK: u8 = b'1';
pub(crate) const SYMLINK: u8 = b'2';
pub(crate) const DIRECTORY: u8 = b'5';
pub(crate) const RECORDS: u8 = b'x';
pub(crate) const GLOBAL_RECORDS: u8 = b'g';
pub(crate) const LONG_PATH: u8 = b'L';
pub(crate) const LONG_LINK: u8 = b'K';

/// A tar file in the making.
#[derive(Clone, Default)]
pub(crate) struct Tar(Vec<u8>);

impl Tar {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A header whose fields are as they should be, then changed by `edit`, then summed up.
    pub(crate) fn header(self, kind: u8, path: &[u8], size: usize, edit: impl FnOnce(&mut [u8; 512])) -> Self {
        let mut block = [0; 512];
        block[..path.len()].copy_from_slice(path);
        block[100..108].copy_from_slice(b"0000644\0");
        block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
        block[156] = kind;
        block[257..265].copy_from_slice(b"ustar\x0000");
        edit(&mut block);
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|c| u32::from(*c)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        self.bytes(&block)
    }

    pub(crate) fn entry(self, kind: u8, path: &[u8], content: &[u8]) -> Self {
        self.header(kind, path, content.len(), |_| {}).content(content)
    }

    pub(crate) fn file(self, path: impl AsRef<[u8]>) -> Self {
        self.entry(FILE, path.as_ref(), b"content")
    }

    pub(crate) fn directory(self, path: &str) -> Self {
        self.entry(DIRECTORY, path.as_bytes(), b"")
    }

    pub(crate) fn link(self, kind: u8, path: &str, target: impl AsRef<[u8]>) -> Self {
        let target = target.as_ref();
        self.header(kind, path.as_bytes(), 0, |block| block[157..157 + target.len()].copy_from_slice(target))
    }

    pub(crate) fn symlink(self, path: &str, target: impl AsRef<[u8]>) -> Self {
        self.link(SYMLINK, path, target)
    }

    /// An extended header about the next entry.
    pub(crate) fn records(self, records: &[(&str, &[u8])]) -> Self {
        self.entry(RECORDS, b"PaxHeaders/x", &encoded(records))
    }

    pub(crate) fn long_path(self, path: &[u8]) -> Self {
        self.entry(LONG_PATH, b"././@LongLink", &[path, b"\0"].concat())
    }

    /// Content, padded.
    pub(crate) fn content(self, content: &[u8]) -> Self {
        let padding = content.len().next_multiple_of(512) - content.len();
        self.bytes(content).bytes(&vec![0; padding])
    }

    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// The tar file without an end.
    pub(crate) fn unfinished(self) -> Vec<u8> {
        gzip(&self.0)
    }

    /// The tar file, ended as it should be.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes(&[0; 1024]).unfinished()
    }
}

/// Records with their lengths, which count their own digits.
pub(crate) fn encoded(records: &[(&str, &[u8])]) -> Vec<u8> {
    let mut data = Vec::new();
    for (key, value) in records {
        let rest = key.len() + value.len() + 3;
        let length = (rest..rest + 9).find(|length| *length == rest + length.to_string().len()).unwrap();
        data.extend_from_slice(format!("{length} {key}=").as_bytes());
        data.extend_from_slice(value);
        data.push(b'\n');
    }
    data
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
