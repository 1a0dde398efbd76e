//! Single files out of an archive that [`crate::inspect`] did not keep.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use roost_domain::artifact::{EntryPath, File, Limits, quoted};
use roost_domain::finding::Finding;

use crate::error::ReadError;
use crate::scan::{Contents, scan};

/// Reads an archive for the contents of some files; those that are not in it are not in the answer either.
pub fn collect(
    source: impl Read + Send,
    limits: &Limits,
    wanted: &BTreeSet<EntryPath>,
) -> Result<BTreeMap<EntryPath, Vec<u8>>, ReadError> {
    let mut files = Files { wanted, limits, found: BTreeMap::new(), found_bytes: 0, current: None };
    scan(source, limits, &mut files)?.into_tree()?;
    Ok(files.found)
}

struct Files<'a> {
    wanted: &'a BTreeSet<EntryPath>,
    limits: &'a Limits,
    found: BTreeMap<EntryPath, Vec<u8>>,
    found_bytes: u64,
    current: Option<(EntryPath, Vec<u8>)>,
}

impl Files<'_> {
    /// Contents are held in memory, so they are bounded like those that an inspection keeps.
    fn check_size(&mut self, path: &EntryPath, file: &File) -> Result<(), ReadError> {
        self.found_bytes += file.size;
        if file.size <= self.limits.text_bytes && self.found_bytes <= self.limits.all_texts_bytes {
            return Ok(());
        }
        let message = format!("A file that is read as a whole may have {} bytes.", self.limits.text_bytes);
        let finding = Finding::new("text-too-large", message, "Shorten it.").in_file(quoted(path.as_str()));
        Err(ReadError::Refused { findings: vec![finding] })
    }
}

impl Contents for Files<'_> {
    type Error = ReadError;

    fn begin(&mut self, path: &EntryPath, file: &File) -> Result<bool, ReadError> {
        if self.wanted.contains(path) {
            self.check_size(path, file)?;
            self.current = Some((path.clone(), Vec::new()));
        }
        Ok(self.current.is_some())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        if let Some((_, content)) = &mut self.current {
            content.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), ReadError> {
        self.found.extend(self.current.take());
        Ok(())
    }
}
