//! Paths in the configuration: from the text to a file or directory that is in the archive.

use super::section::Text;
use crate::{
    artifact::{Entry, EntryPath, Findings, PathError, Tree, quoted},
    finding::Finding,
};

/// 1 MiB: files that the configuration names are held in memory and read as a whole.
const MOST_BYTES: u64 = 1 << 20;

/// What must be at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Directory,
    Either,
}

/// A path as it is written, `.` being the place it counts from.
pub(super) fn parse(text: Text<'_>, findings: &mut Findings) -> Option<EntryPath> {
    EntryPath::normalise(text.value).map_err(|error| findings.push(malformed(text, error))).ok()
}

/// The path from the archive's root, if the archive has there what must be there.
pub(super) fn find(
    text: Text<'_>,
    from: &EntryPath,
    kind: Kind,
    tree: &Tree,
    findings: &mut Findings,
) -> Option<EntryPath> {
    let written = parse(text, findings)?;
    let path = from.join(&written);
    let fault = if let Some(link) = link_on(&path, tree) {
        linked(text, &link)
    } else if tree.is_directory(&path) {
        match kind {
            Kind::File => wrong_kind(text, &path, "path-not-file", "a directory", "Name the file in it."),
            Kind::Directory | Kind::Either => return Some(path),
        }
    } else if let Some(file) = tree.file(&path) {
        match kind {
            Kind::Directory => wrong_kind(text, &path, "path-not-directory", "a file", "Name the directory it is in."),
            Kind::File | Kind::Either if file.size > MOST_BYTES => too_large(&path, file.size),
            Kind::File | Kind::Either => return Some(path),
        }
    } else {
        absent(text, from, &written, tree)
    };
    findings.push(fault.on_line(text.line));
    None
}

/// The first link on the way to a path, which is never followed: it could lead a reader elsewhere than the builder.
fn link_on(path: &EntryPath, tree: &Tree) -> Option<EntryPath> {
    let way = std::iter::successors(Some(path.clone()), EntryPath::parent);
    let links = way.filter(|path| matches!(tree.entry(path), Some(Entry::Symlink(_))));
    links.last()
}

fn malformed(text: Text<'_>, error: PathError) -> Finding {
    let message = format!("The path `{}` in `{}` {error}.", quoted(text.value), text.field);
    let remedy = "Write a path below the place it counts from, as in `frontend/Dockerfile`, or `.` for that place.";
    Finding::new(error.code(), message, remedy).on_line(text.line)
}

fn linked(text: Text<'_>, link: &EntryPath) -> Finding {
    let message = format!("`{}` leads through `{}`, which is a link.", text.field, quoted(link.as_str()));
    Finding::new("path-symlink", message, "Name the place that the link leads to.")
}

fn wrong_kind(text: Text<'_>, path: &EntryPath, code: &'static str, is: &str, remedy: &'static str) -> Finding {
    Finding::new(code, format!("`{}`, as named in `{}`, is {is}.", quoted(&path.to_string()), text.field), remedy)
}

pub(super) fn too_large(path: &EntryPath, size: u64) -> Finding {
    let message = format!("`{}` has {size} bytes; at most {MOST_BYTES} are read.", quoted(path.as_str()));
    Finding::new("file-too-large", message, "Divide the file, or move long texts out of it.")
}

fn absent(text: Text<'_>, from: &EntryPath, written: &EntryPath, tree: &Tree) -> Finding {
    let path = from.join(written);
    let message = format!("`{}`, as named in `{}`, is not in the archive.", quoted(&path.to_string()), text.field);
    let remedy = match written.relative_to(from) {
        Some(rest) if !from.is_root() && tree.entry(written).is_some() => {
            format!("Write `{}`: the path counts from `root`.", if rest.is_empty() { "." } else { rest })
        }
        _ => "Correct the path, or pack the file: upper and lower case differ.".to_owned(),
    };
    Finding::new("path-missing", message, remedy)
}
