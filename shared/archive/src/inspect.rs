//! Everything about an archive that can be told without unpacking it.

use std::collections::BTreeMap;
use std::io::Read;

use roost_domain::artifact::{EntryPath, File, Limits, Tree};
use roost_domain::finding::Finding;

use crate::error::ReadError;
use crate::scan::{Contents, scan};
use crate::text::may_be_asked_for;

/// What is in an archive, and what is wrong with it.
#[derive(Debug)]
pub struct Inspection {
    /// What it holds, but for the entries that break rules.
    pub tree: Tree,
    /// The contents of small files that may be asked for: configurations, objects, Dockerfiles.
    pub texts: BTreeMap<EntryPath, Vec<u8>>,
    /// All that is wrong; nothing may be done with the archive unless this is empty.
    pub findings: Vec<Finding>,
    /// How many entries it lists.
    pub entries: u64,
    /// How large it is once decompressed.
    pub inflated_bytes: u64,
}

/// Reads an archive once. One that cannot be read to its end, or is too large to be, is an error.
pub fn inspect(source: impl Read + Send, limits: &Limits) -> Result<Inspection, ReadError> {
    let mut texts = Texts { limits: limits.clone(), kept: BTreeMap::new(), kept_bytes: 0, current: None };
    let survey = scan(source, limits, &mut texts)?;
    Ok(Inspection {
        tree: survey.tree,
        texts: texts.kept,
        findings: survey.findings,
        entries: survey.entries,
        inflated_bytes: survey.inflated_bytes,
    })
}

struct Texts {
    limits: Limits,
    kept: BTreeMap<EntryPath, Vec<u8>>,
    kept_bytes: u64,
    current: Option<(EntryPath, Vec<u8>)>,
}

impl Contents for Texts {
    type Error = ReadError;

    fn begin(&mut self, path: &EntryPath, file: &File) -> Result<bool, ReadError> {
        let fits = file.size <= self.limits.text_bytes && self.kept_bytes + file.size <= self.limits.all_texts_bytes;
        if fits && may_be_asked_for(path) {
            self.kept_bytes += file.size;
            self.current = Some((path.clone(), Vec::new()));
        }
        Ok(self.current.is_some())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), ReadError> {
        if let Some((_, text)) = &mut self.current {
            text.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), ReadError> {
        self.kept.extend(self.current.take());
        Ok(())
    }
}
