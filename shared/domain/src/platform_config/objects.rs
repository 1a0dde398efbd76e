//! Where the Kubernetes objects of a project are.

use super::{
    FILE_NAME,
    location::{self, Kind},
    section::Section,
};
use crate::{
    artifact::{Entry, EntryPath, Findings, Tree, quoted},
    finding::Finding,
};

const FIELD: &str = "k8s_yaml_path";
/// Files of objects in one project.
const MOST_FILES: usize = 100;
/// 1 MiB in all files together: their values are held in memory at the same time.
const MOST_BYTES: u64 = 1 << 20;

/// Reads `k8s_yaml_path`, or reports why there are no objects there.
pub(super) fn read(section: &Section<'_>, tree: &Tree, findings: &mut Findings) -> Option<EntryPath> {
    let text = section.text(FIELD, findings)?;
    let path = location::find(text, &EntryPath::root(), Kind::Either, tree, findings)?;
    for fault in faults(&path, tree) {
        findings.push(fault.on_line(text.line));
    }
    Some(path)
}

fn faults(objects: &EntryPath, tree: &Tree) -> Vec<Finding> {
    let (files, links) = (files(objects, tree), links(objects, tree));
    let mut faults: Vec<_> = links.iter().map(linked).collect();
    if files.is_empty() && links.is_empty() {
        let message = format!("No file directly in `{}` ends in `.yaml` or `.yml`.", quoted(&objects.to_string()));
        let remedy = "Name the file of the objects, or the directory that they lie in.";
        faults.push(Finding::new("objects-missing", message, remedy));
    }
    let bytes: u64 = files.iter().filter_map(|file| tree.file(file)).map(|file| file.size).sum();
    if files.len() > MOST_FILES || bytes > MOST_BYTES {
        let message = format!(
            "There are {} files of objects with {bytes} bytes; at most {MOST_FILES} with {MOST_BYTES} are read.",
            files.len()
        );
        faults.push(Finding::new("objects-too-large", message, "Leave out what the project does not need."));
    }
    faults
}

fn linked(link: &EntryPath) -> Finding {
    let message = format!("`{}` is a link; only regular files are read.", quoted(link.as_str()));
    Finding::new("path-symlink", message, "Pack the file itself.")
}

/// The file itself, or the YAML files directly in the directory, without the platform's own configuration.
pub(super) fn files(objects: &EntryPath, tree: &Tree) -> Vec<EntryPath> {
    if tree.file(objects).is_some() {
        return vec![objects.clone()];
    }
    yaml(objects, tree).filter(|(_, entry)| matches!(entry, Entry::File(_))).map(|(path, _)| path.clone()).collect()
}

/// Links in the directory that look like files of objects: leaving them out in silence would deploy half a project.
fn links(objects: &EntryPath, tree: &Tree) -> Vec<EntryPath> {
    yaml(objects, tree).filter(|(_, entry)| matches!(entry, Entry::Symlink(_))).map(|(path, _)| path.clone()).collect()
}

fn yaml<'a>(directory: &EntryPath, tree: &'a Tree) -> impl Iterator<Item = (&'a EntryPath, &'a Entry)> {
    tree.children(directory).filter(|(path, _)| {
        // macOS packs what it knows about a file beside it, under its name behind `._`.
        let is_shadow = path.file_name().starts_with("._");
        let is_yaml = matches!(path.file_name().rsplit_once('.'), Some((_, "yaml" | "yml")));
        is_yaml && !is_shadow && path.as_str() != FILE_NAME
    })
}
