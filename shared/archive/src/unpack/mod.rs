//! Parts of an archive written to a folder, in the one form that does not depend on who packed them.

mod destination;

use std::io::Read;
use std::path::Path;

use roost_domain::artifact::{Entry, EntryPath, File, Limits, Tree};

use self::destination::{Destination, NewFile};
use crate::error::UnpackError;
use crate::scan::{Contents, scan};

/// Reads an archive and writes what lies at and below some paths into an empty folder. The answer is the tree of the
/// whole archive. If this fails, what was written so far stays.
pub fn unpack(
    source: impl Read + Send,
    limits: &Limits,
    subtrees: &[EntryPath],
    destination: &Path,
) -> Result<Tree, UnpackError> {
    let mut files = Files { subtrees, destination: Destination::open(destination)?, current: None };
    let tree = scan(source, limits, &mut files)?.into_tree()?;
    files.finish(&tree)?;
    Ok(tree)
}

struct Files<'a> {
    subtrees: &'a [EntryPath],
    destination: Destination,
    current: Option<NewFile>,
}

impl Files<'_> {
    fn is_wanted(&self, path: &EntryPath) -> bool {
        self.subtrees.iter().any(|subtree| path.starts_with(subtree))
    }

    /// Links come last, when nothing is written by its path any more.
    fn finish(mut self, tree: &Tree) -> Result<(), UnpackError> {
        let wanted: Vec<_> = tree.iter().filter(|(path, _)| self.is_wanted(path)).collect();
        for (path, entry) in &wanted {
            if matches!(entry, Entry::Directory) {
                self.destination.make_directory(path)?;
            }
        }
        for (path, entry) in &wanted {
            if let Entry::Symlink(target) = entry {
                self.destination.make_link(path, target)?;
            }
        }
        self.destination.finish()
    }
}

impl Contents for Files<'_> {
    type Error = UnpackError;

    fn begin(&mut self, path: &EntryPath, file: &File) -> Result<bool, UnpackError> {
        if self.is_wanted(path) {
            self.current = Some(self.destination.create_file(path, file.executable)?);
        }
        Ok(self.current.is_some())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), UnpackError> {
        self.current.as_mut().map_or(Ok(()), |file| file.write(bytes))
    }

    fn end(&mut self) -> Result<(), UnpackError> {
        self.current.take().map_or(Ok(()), NewFile::finish)
    }
}
