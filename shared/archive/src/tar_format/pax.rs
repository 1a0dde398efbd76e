//! The records of extended headers: <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html>.

use super::fault::TarFault;

/// What records change about the entry that follows them.
#[derive(Debug, Default)]
pub(super) struct Overrides {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
}

/// What everybody's tar writes and nobody here needs: times, owners, and a vendor's own (`SCHILY.xattr.…`).
const IGNORED: &[&str] = &["atime", "comment", "ctime", "gid", "gname", "mtime", "uid", "uname"];
/// Vendors' fields that do change what an entry is: they say that its content is a map of a sparse file.
const SPARSE: &[&str] = &["GNU.sparse.", "SCHILY.realsize", "SUN.holesdata", "SCHILY.filetype"];

/// Reads the records of one entry.
pub(super) fn overrides(data: &[u8]) -> Result<Overrides, TarFault> {
    let mut overrides = Overrides::default();
    for record in Records(data) {
        let (key, value) = record?;
        let is_first = match key {
            "path" => overrides.path.replace(value.to_owned()).is_none(),
            "linkpath" => overrides.link.replace(value.to_owned()).is_none(),
            "size" => overrides.size.replace(decimal(value).ok_or(TarFault::Records)?).is_none(),
            _ if is_ignored(key) => true,
            _ => return Err(meaningful(key)),
        };
        if !is_first {
            return Err(TarFault::Record(key.to_owned()));
        }
    }
    Ok(overrides)
}

/// Checks records that are about all entries that follow: a comment, as `git archive` writes it, and the like.
pub(super) fn check_global(data: &[u8]) -> Result<(), TarFault> {
    for record in Records(data) {
        let (key, _) = record?;
        if !is_ignored(key) {
            return Err(TarFault::GlobalRecord(key.to_owned()));
        }
    }
    Ok(())
}

fn is_ignored(key: &str) -> bool {
    let is_vendors = key.contains('.') && !SPARSE.iter().any(|sparse| key.starts_with(sparse));
    is_vendors || IGNORED.contains(&key)
}

fn meaningful(key: &str) -> TarFault {
    let is_sparse = SPARSE.iter().any(|sparse| key.starts_with(sparse));
    if is_sparse { TarFault::Sparse } else { TarFault::Record(key.to_owned()) }
}

/// Records `{length} {key}={value}\n`, the length in decimal and of the whole record.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = Result<(&'a str, &'a [u8]), TarFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let record = take_record(&mut self.0).ok_or(TarFault::Records);
        if record.is_err() {
            self.0 = &[];
        }
        Some(record)
    }
}

fn take_record<'a>(data: &mut &'a [u8]) -> Option<(&'a str, &'a [u8])> {
    let space = data.iter().take(20).position(|c| *c == b' ')?;
    let length = usize::try_from(decimal(&data[..space])?).ok()?;
    let (record, rest) = data.split_at_checked(length)?;
    let record = record.get(space + 1..)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|c| *c == b'=')?;
    let key = std::str::from_utf8(&record[..equals]).ok().filter(|key| !key.is_empty())?;
    *data = rest;
    Some((key, &record[equals + 1..]))
}

/// Digits without a sign or a leading zero, which not all programs take.
fn decimal(text: &[u8]) -> Option<u64> {
    let is_plain = text == b"0" || (text.first() != Some(&b'0') && text.iter().all(u8::is_ascii_digit));
    std::str::from_utf8(text).ok().filter(|_| is_plain)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_by_their_length() {
        let overrides = overrides(b"21 path=a\n11 size=2\n\n").map(|found| found.path);
        assert_eq!(overrides, Ok(Some(b"a\n11 size=2\n".to_vec())));
    }

    #[test]
    fn vendors_fields_are_ignored_and_sparse_files_are_not() {
        assert!(overrides(b"33 SCHILY.xattr.user.a=\xff\n\n\n34567\n12 mtime=12\n").is_ok());
        assert_eq!(overrides(b"22 GNU.sparse.major=1\n").err(), Some(TarFault::Sparse));
        assert_eq!(overrides(b"13 charset=x\n").err(), Some(TarFault::Record("charset".to_owned())));
        assert_eq!(overrides(b"9 path=a\n9 path=b\n").err(), Some(TarFault::Record("path".to_owned())));
    }

    #[test]
    fn broken_records_are_refused() {
        for data in [
            &b"x"[..],
            b"9 path=a",
            b"09 path=a\n",
            b"+9 path=a\n",
            b"11 path=a\n",
            b"8 path=a\n",
            b"7 path\n",
            b"5 =a\n",
            b"0 path=a\n",
            b"99999999999999999999 path=a\n",
            b"11 size=-1\n",
            b"9 path=a\n\0\0",
        ] {
            assert_eq!(overrides(data).err(), Some(TarFault::Records), "{data:?}");
        }
    }

    #[test]
    fn global_records_change_no_entry() {
        assert_eq!(check_global(b"19 comment=abcdefg\n"), Ok(()));
        assert_eq!(check_global(b"9 path=a\n"), Err(TarFault::GlobalRecord("path".to_owned())));
    }
}
