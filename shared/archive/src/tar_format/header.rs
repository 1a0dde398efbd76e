//! One header block of a tar file.

use tar::{EntryType, GnuHeader, UstarHeader};

use super::fault::TarFault;
use super::number::octal;

/// The size of a header, and what contents are padded to.
pub(super) const BLOCK_BYTES: usize = 512;
/// The end of [`UstarHeader`]'s fields.
const POSIX_END: usize = 500;
/// The end of the fields that GNU tar uses in ordinary headers; the others are of incremental and sparse archives.
const GNU_END: usize = 345;

/// What a header says.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) entry_type: EntryType,
    pub(super) path: Vec<u8>,
    pub(super) link: Vec<u8>,
    pub(super) size: u64,
    pub(super) executable: bool,
}

impl Header {
    pub(super) fn parse(block: &[u8; BLOCK_BYTES]) -> Result<Self, TarFault> {
        let header = tar::Header::from_byte_slice(block);
        let common = header.as_old();
        if octal(&common.cksum) != Some(checksum(block)) {
            return Err(TarFault::Checksum);
        }
        let path = match (header.as_ustar(), header.as_gnu()) {
            (Some(posix), _) => posix_path(posix, block)?,
            (_, Some(gnu)) => gnu_path(gnu, block)?,
            _ => return Err(TarFault::Format),
        };
        Ok(Self {
            entry_type: header.entry_type(),
            path,
            link: text(&common.linkname, "link name")?.to_owned(),
            size: octal(&common.size).ok_or(TarFault::Number("size"))?,
            // Only files' modes matter; for extended headers, some archivers write none.
            executable: header.entry_type().is_file() && is_executable(&common.mode)?,
        })
    }
}

fn posix_path(header: &UstarHeader, block: &[u8]) -> Result<Vec<u8>, TarFault> {
    check_empty(&block[POSIX_END..])?;
    let (prefix, name) = (text(without_times(&header.prefix), "prefix")?, text(&header.name, "name")?);
    Ok(if prefix.is_empty() { name.to_owned() } else { [prefix, b"/", name].concat() })
}

/// What of a prefix is text. Where it is short, node's `tar` and star write two times into its end, behind a NUL; a
/// program that does not know them stops at that NUL.
fn without_times(prefix: &[u8]) -> &[u8] {
    const TEXT_BYTES: usize = 131;
    let (text, times) = prefix.split_at(TEXT_BYTES);
    let are_times = times.iter().all(|c| matches!(c, b'0'..=b'7' | b' ' | 0));
    if text.ends_with(&[0]) && are_times { text } else { prefix }
}

/// GNU tar has other fields where POSIX has the prefix; some programs read a prefix there all the same.
fn gnu_path(header: &GnuHeader, block: &[u8]) -> Result<Vec<u8>, TarFault> {
    if header.typeflag == [b'S'] {
        return Err(TarFault::Sparse);
    }
    check_empty(&block[GNU_END..])?;
    Ok(text(&header.name, "name")?.to_owned())
}

fn check_empty(field: &[u8]) -> Result<(), TarFault> {
    if field.iter().all(|c| *c == 0) { Ok(()) } else { Err(TarFault::Stray("after the last field")) }
}

fn is_executable(mode: &[u8]) -> Result<bool, TarFault> {
    octal(mode).map(|mode| mode & 0o100 != 0).ok_or(TarFault::Number("mode"))
}

/// A text up to its NUL; behind that, a program that knows the field's length could read on.
fn text<'a>(field: &'a [u8], name: &'static str) -> Result<&'a [u8], TarFault> {
    let end = field.iter().position(|c| *c == 0).unwrap_or(field.len());
    if field[end..].iter().all(|c| *c == 0) { Ok(&field[..end]) } else { Err(TarFault::Stray(name)) }
}

/// The sum of all bytes, its own field taken as spaces.
fn checksum(block: &[u8; BLOCK_BYTES]) -> u64 {
    const FIELD: std::ops::Range<usize> = 148..156;
    let sum = |bytes: &[u8]| bytes.iter().map(|c| u64::from(*c)).sum::<u64>();
    sum(&block[..FIELD.start]) + sum(&block[FIELD.end..]) + FIELD.len() as u64 * u64::from(b' ')
}
