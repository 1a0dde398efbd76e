//! What of a directory is packed.

use std::path::{Component, Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};

use super::{HINT_FILE, PackError};

const IGNORE_FILE: &str = ".roostignore";

/// One file or link, by its path from the directory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Packed {
    pub(super) path: PathBuf,
    pub(super) kind: Kind,
}

/// What it is. A directory is known by what is in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Link(PathBuf),
}

/// All that is packed, in an order that is always the same.
pub(super) fn of(directory: &Path) -> Result<Vec<Packed>, PackError> {
    let mut files = Vec::new();
    for entry in walk(directory) {
        let entry = entry.map_err(PackError::Walk)?;
        files.extend(packed(directory, &entry)?);
    }
    files.sort_unstable_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

/// As git sees it, except for what only this machine's user has told git.
fn walk(directory: &Path) -> ignore::Walk {
    // Outside of a repository, an ignore file further up was not meant for this directory.
    let is_in_repository = directory.canonicalize().is_ok_and(|path| path.ancestors().any(is_repository));
    let mut walk = WalkBuilder::new(directory);
    walk.standard_filters(false).git_ignore(true).require_git(false).parents(is_in_repository);
    walk.add_custom_ignore_filename(IGNORE_FILE).follow_links(false);
    walk.filter_entry(|entry| !is_left_out(entry)).build()
}

fn is_repository(directory: &Path) -> bool {
    directory.join(".git").exists()
}

fn is_left_out(entry: &DirEntry) -> bool {
    let is_hint = entry.depth() == 1 && entry.file_name() == HINT_FILE;
    entry.depth() > 0 && (entry.file_name() == ".git" || is_hint)
}

fn packed(directory: &Path, entry: &DirEntry) -> Result<Option<Packed>, PackError> {
    let path = entry.path().strip_prefix(directory).unwrap_or(entry.path()).to_owned();
    let kind = match entry.file_type() {
        _ if entry.depth() == 0 => return Ok(None),
        Some(kind) if kind.is_dir() => return Ok(None),
        Some(kind) if kind.is_file() => Kind::File,
        Some(kind) if kind.is_symlink() => Kind::Link(target(entry.path(), &path)?),
        _ => return Err(PackError::Special(path)),
    };
    Ok(Some(Packed { path, kind }))
}

fn target(whole: &Path, path: &Path) -> Result<PathBuf, PackError> {
    let unreadable = |source| PackError::Read { path: path.to_owned(), source };
    let target = std::fs::read_link(whole).map_err(unreadable)?;
    if stays_inside(path, &target) { Ok(target) } else { Err(PackError::LeadsOut { link: path.to_owned(), target }) }
}

/// Whether a link, by its text alone, leads to something in the directory.
fn stays_inside(link: &Path, target: &Path) -> bool {
    let mut depth = link.components().count() - 1;
    for part in target.components() {
        match part {
            Component::CurDir => {}
            Component::Normal(_) => depth += 1,
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_judged_by_where_it_is() {
        let stays = |link: &str, target: &str| stays_inside(Path::new(link), Path::new(target));
        assert!(stays("a", "b") && stays("a/b/c", "../../d") && stays("a/b", "./../c"));
        assert!(!stays("a", "../b") && !stays("a/b", "../../c") && !stays("a", "/etc/passwd"));
        assert!(!stays("a/b", "c/../../../a/b"));
    }
}
