//! A tree put together entry by entry, in whatever order they come.

use std::collections::BTreeMap;

use super::fold::check_folded_names;
use super::resolution::check_links;
use super::{Entry, EntryPath, Findings, Limits, Tree, quoted};
use crate::finding::Finding;

/// Takes entries as an archive lists them.
#[derive(Debug)]
pub struct TreeBuilder {
    entries: BTreeMap<EntryPath, Entry>,
    name_bytes: u64,
    limits: Limits,
}

/// Why an entry has no place in the tree.
#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
pub enum TreeFault {
    #[error("The archive has this path twice.")]
    Duplicate,
    #[error("The archive has both a directory and something else at this path.")]
    FileAndDirectory,
    #[error("The path leads through something that is a file.")]
    BelowFile,
    #[error("The path leads through a symbolic link.")]
    BelowSymlink,
    #[error("The archive's root is something else than a directory.")]
    RootIsNoDirectory,
    #[error("The archive has more than {0} entries, the directories included that lead to them.")]
    TooManyEntries(u64),
    #[error("The paths and link targets are longer than {0} bytes together.")]
    TooManyNames(u64),
}

impl TreeBuilder {
    /// An empty tree that stays within the limits.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { entries: BTreeMap::new(), name_bytes: 0, limits }
    }

    /// Adds an entry, and the directories that lead to it. A directory may be listed again and again.
    pub fn add(&mut self, path: &EntryPath, entry: Entry) -> Result<(), TreeFault> {
        if path.is_root() {
            return if entry == Entry::Directory { Ok(()) } else { Err(TreeFault::RootIsNoDirectory) };
        }
        match (self.entries.get(path), &entry) {
            (None, _) => {}
            (Some(Entry::Directory), Entry::Directory) => return Ok(()),
            (Some(Entry::Directory), _) | (Some(_), Entry::Directory) => return Err(TreeFault::FileAndDirectory),
            (Some(_), _) => return Err(TreeFault::Duplicate),
        }
        self.add_parents(path)?;
        self.insert(path.clone(), entry)
    }

    /// Gives a file its content's SHA-256, once it was read.
    pub fn set_content(&mut self, path: &EntryPath, sha256: [u8; 32]) {
        if let Some(Entry::File(file)) = self.entries.get_mut(path) {
            file.sha256 = sha256;
        }
    }

    /// The finished tree, and what can only be told now that all entries are known.
    #[must_use]
    pub fn finish(self, findings: &mut Findings) -> Tree {
        check_folded_names(&self.entries, findings);
        check_links(&self.entries, findings);
        Tree::new(self.entries)
    }

    fn add_parents(&mut self, path: &EntryPath) -> Result<(), TreeFault> {
        let mut missing = Vec::new();
        let mut next = path.parent();
        while let Some(parent) = next.filter(|parent| !parent.is_root()) {
            match self.entries.get(&parent) {
                Some(Entry::Directory) => break,
                Some(Entry::File(_)) => return Err(TreeFault::BelowFile),
                Some(Entry::Symlink(_)) => return Err(TreeFault::BelowSymlink),
                None => next = parent.parent(),
            }
            missing.push(parent);
        }
        missing.into_iter().try_for_each(|parent| self.insert(parent, Entry::Directory))
    }

    fn insert(&mut self, path: EntryPath, entry: Entry) -> Result<(), TreeFault> {
        let target = if let Entry::Symlink(target) = &entry { target.as_str() } else { "" };
        self.name_bytes += (path.as_str().len() + target.len()) as u64;
        if self.entries.len() as u64 >= self.limits.entries {
            return Err(TreeFault::TooManyEntries(self.limits.entries));
        }
        if self.name_bytes > self.limits.name_bytes {
            return Err(TreeFault::TooManyNames(self.limits.name_bytes));
        }
        self.entries.insert(path, entry);
        Ok(())
    }
}

impl TreeFault {
    /// Names the rule; it never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate-entry",
            Self::FileAndDirectory => "file-and-directory",
            Self::BelowFile => "entry-below-file",
            Self::BelowSymlink => "entry-below-symlink",
            Self::RootIsNoDirectory => "root-is-no-directory",
            Self::TooManyEntries(_) => "too-many-entries",
            Self::TooManyNames(_) => "too-many-names",
        }
    }

    /// Whether nothing more is read after it.
    #[must_use]
    pub const fn is_limit(self) -> bool {
        matches!(self, Self::TooManyEntries(_) | Self::TooManyNames(_))
    }

    /// The fault, told of the entry at `path`.
    #[must_use]
    pub fn finding(self, path: &EntryPath) -> Finding {
        let remedy = if self.is_limit() {
            "Leave out what the build fetches or makes itself: `node_modules`, `target`, `.git`."
        } else {
            "Pack the folder anew in one go, so that each path is in the archive once."
        };
        let finding = Finding::new(self.code(), self.to_string(), remedy);
        if self.is_limit() { finding } else { finding.in_file(quoted(path.as_str())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artifact::{File, LinkTarget};

    fn add(builder: &mut TreeBuilder, name: &str, entry: Entry) -> Result<(), TreeFault> {
        builder.add(&EntryPath::normalise(name).unwrap(), entry)
    }

    fn file() -> Entry {
        Entry::File(File { size: 0, executable: false, sha256: [0; 32] })
    }

    fn link(target: &str) -> Entry {
        Entry::Symlink(LinkTarget::parse(target).unwrap())
    }

    /// What is wrong with a second entry, after a first.
    fn clash(first: (&str, Entry), second: (&str, Entry)) -> Result<(), TreeFault> {
        let mut builder = TreeBuilder::new(Limits::standard());
        add(&mut builder, first.0, first.1).unwrap();
        add(&mut builder, second.0, second.1)
    }

    #[test]
    fn each_path_is_one_thing() {
        assert_eq!(clash(("a", file()), ("a", file())), Err(TreeFault::Duplicate));
        assert_eq!(clash(("a", link("b")), ("./a", file())), Err(TreeFault::Duplicate));
        assert_eq!(clash(("a", file()), ("a", Entry::Directory)), Err(TreeFault::FileAndDirectory));
        assert_eq!(clash(("a/b", file()), ("a", link("c"))), Err(TreeFault::FileAndDirectory));
        assert_eq!(clash(("a", file()), ("a/b/c", file())), Err(TreeFault::BelowFile));
        assert_eq!(clash(("a", link("b")), ("a/b/c", file())), Err(TreeFault::BelowSymlink));
        assert_eq!(clash((".", Entry::Directory), (".", link("b"))), Err(TreeFault::RootIsNoDirectory));
        assert_eq!(clash(("a/b", file()), ("a", Entry::Directory)), Ok(()));
        assert_eq!(clash(("a", Entry::Directory), ("a", Entry::Directory)), Ok(()));
    }

    #[test]
    fn directories_that_paths_imply_count() {
        let mut builder = TreeBuilder::new(Limits { entries: 3, ..Limits::standard() });
        assert_eq!(add(&mut builder, "a/b/c", file()), Ok(()));
        assert_eq!(add(&mut builder, "d", file()), Err(TreeFault::TooManyEntries(3)));
        let mut builder = TreeBuilder::new(Limits { name_bytes: 6, ..Limits::standard() });
        assert_eq!(add(&mut builder, "a/b", file()), Ok(()));
        assert_eq!(add(&mut builder, "c", link("dd")), Err(TreeFault::TooManyNames(6)));
    }
}
