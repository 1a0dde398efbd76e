//! The files, directories and links of an archive.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::{EntryPath, LinkTarget, TreeDigest};

/// A regular file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its length in bytes.
    pub size: u64,
    /// Whether its owner may execute it; all else of the mode is dropped.
    pub executable: bool,
    /// The SHA-256 of its content.
    pub sha256: [u8; 32],
}

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A regular file.
    File(File),
    /// A directory, listed or implied by what lies in it.
    Directory,
    /// A symbolic link.
    Symlink(LinkTarget),
}

/// All entries in the order of their paths. Each one's parent is a directory, and no path leads through a link; so
/// whatever is found by its path is what the path means on disk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree(BTreeMap<EntryPath, Entry>);

impl Tree {
    pub(super) fn new(entries: BTreeMap<EntryPath, Entry>) -> Self {
        Self(entries)
    }

    /// What stands at a path. The root is not an entry.
    #[must_use]
    pub fn entry(&self, path: &EntryPath) -> Option<&Entry> {
        self.0.get(path)
    }

    /// The regular file at a path; a link to one is none.
    #[must_use]
    pub fn file(&self, path: &EntryPath) -> Option<&File> {
        match self.entry(path) {
            Some(Entry::File(file)) => Some(file),
            _ => None,
        }
    }

    /// Whether a directory stands at a path; the root always is one.
    #[must_use]
    pub fn is_directory(&self, path: &EntryPath) -> bool {
        path.is_root() || matches!(self.entry(path), Some(Entry::Directory))
    }

    /// All entries, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&EntryPath, &Entry)> {
        self.0.iter()
    }

    /// What lies in a directory, at any depth, in order.
    fn below(&self, directory: &EntryPath) -> impl Iterator<Item = (&EntryPath, &Entry)> {
        let (from, to) = match directory.as_str() {
            "" => (Bound::Unbounded, Bound::Unbounded),
            // `0` follows `/` among the bytes: between the two lies all that begins with the directory.
            text => (Bound::Included(format!("{text}/")), Bound::Excluded(format!("{text}0"))),
        };
        self.0.range::<str, _>((from.as_ref().map(String::as_str), to.as_ref().map(String::as_str)))
    }

    /// What lies in a directory itself, in order.
    pub fn children(&self, directory: &EntryPath) -> impl Iterator<Item = (&EntryPath, &Entry)> {
        let depth = if directory.is_root() { 0 } else { directory.as_str().len() + 1 };
        self.below(directory).filter(move |(path, _)| !path.as_str()[depth..].contains('/'))
    }

    /// The digest of what stands at a path and below it, if anything does; it is the same wherever the path leads.
    #[must_use]
    pub fn digest(&self, path: &EntryPath) -> Option<TreeDigest> {
        if self.is_directory(path) {
            let entries = self.below(path);
            return Some(TreeDigest::of(entries.filter_map(|(inner, entry)| Some((inner.relative_to(path)?, entry)))));
        }
        self.entry(path).map(|entry| TreeDigest::of([("", entry)].into_iter()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> EntryPath {
        EntryPath::parse(text).unwrap()
    }

    fn file(content: u8) -> Entry {
        Entry::File(File { size: 1, executable: false, sha256: [content; 32] })
    }

    fn tree(entries: &[(&str, Entry)]) -> Tree {
        Tree::new(entries.iter().map(|(name, entry)| (path(name), entry.clone())).collect())
    }

    #[test]
    fn a_neighbour_whose_name_begins_alike_is_not_below() {
        let entries = [("a", Entry::Directory), ("a-b", file(1)), ("a.c", file(2)), ("a/x", Entry::Directory)];
        let tree = tree(&[&entries[..], &[("a/x/y", file(3)), ("a0", file(4))]].concat());
        let below: Vec<_> = tree.below(&path("a")).map(|(path, _)| path.as_str()).collect();
        assert_eq!(below, ["a/x", "a/x/y"]);
        let children: Vec<_> = tree.children(&path("a")).map(|(path, _)| path.as_str()).collect();
        assert_eq!(children, ["a/x"]);
        assert_eq!(tree.children(&EntryPath::root()).count(), 4);
        assert_eq!(tree.below(&EntryPath::root()).count(), 6);
    }

    #[test]
    fn a_digest_tells_content_but_not_place() {
        let digest = |entries: &[(&str, Entry)], at: &str| tree(entries).digest(&path(at)).unwrap();
        let here = digest(&[("a", Entry::Directory), ("a/f", file(1))], "a");
        assert_eq!(here, digest(&[("b", Entry::Directory), ("b/f", file(1)), ("c", file(2))], "b"));
        assert_ne!(here, digest(&[("a", Entry::Directory), ("a/f", file(2))], "a"));
        assert_ne!(here, digest(&[("a", Entry::Directory), ("a/g", file(1))], "a"));
        let executable = Entry::File(File { size: 1, executable: true, sha256: [1; 32] });
        assert_ne!(here, digest(&[("a", Entry::Directory), ("a/f", executable)], "a"));
        assert_eq!(tree(&[]).digest(&path("a")), None);
        assert!(tree(&[]).digest(&EntryPath::root()).is_some());
    }
}
