//! The parts of a project that are built, each by a Dockerfile of its own.

use std::collections::BTreeMap;

use super::{
    location::{self, Kind},
    section::{Section, Text},
};
use crate::{
    artifact::{EntryPath, Findings, Tree, quoted},
    finding::Finding,
    naming::ComponentName,
};

/// More are no one project, and each is a build.
const MOST_COMPONENTS: usize = 16;

/// One entry of `repositories`, with its paths counted from the archive's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// The name by which the objects refer to the image.
    pub name: ComponentName,
    /// The directory from which the other paths are counted where they are written.
    pub root: EntryPath,
    /// The Dockerfile, a regular file.
    pub dockerfile: EntryPath,
    /// The directory that the Dockerfile can copy from.
    pub context: EntryPath,
}

/// Reads `repositories`, or reports all that is wrong with it.
pub(super) fn read_all(section: &Section<'_>, tree: &Tree, findings: &mut Findings) -> Option<Vec<Component>> {
    let sections = section.list("repositories", findings)?;
    if sections.is_empty() || sections.len() > MOST_COMPONENTS {
        let message = format!("There are {} repositories; 1 to {MOST_COMPONENTS} are built.", sections.len());
        let remedy = "List every part that has a Dockerfile of its own, and no other.";
        findings.push(Finding::new("repositories-count", message, remedy).on_line(section.line("repositories")));
    }
    let mut lines = BTreeMap::new();
    let components = sections.into_iter().map(|section| read(&section?, &mut lines, tree, findings));
    // All of them are read before any is missed: what is wrong is reported together.
    components.collect::<Vec<_>>().into_iter().collect()
}

fn read(
    section: &Section<'_>,
    lines: &mut BTreeMap<ComponentName, u32>,
    tree: &Tree,
    findings: &mut Findings,
) -> Option<Component> {
    section.refuse_unknown_fields(&["name", "root", "dockerfile_path", "context_path"], findings);
    let name = section.text("name", findings).and_then(|text| name(text, lines, findings));
    let root = section.text("root", findings);
    let root = root.and_then(|text| location::find(text, &EntryPath::root(), Kind::Directory, tree, findings));
    let dockerfile = section.text_or("dockerfile_path", "Dockerfile", findings);
    let context = section.text_or("context_path", ".", findings);
    let Some(root) = root else {
        // Whether the paths lead anywhere is unknown, but not whether they are paths.
        dockerfile.into_iter().chain(context).for_each(|text| drop(location::parse(text, findings)));
        return None;
    };
    let dockerfile = dockerfile.and_then(|text| location::find(text, &root, Kind::File, tree, findings));
    let context = context.and_then(|text| location::find(text, &root, Kind::Directory, tree, findings));
    Some(Component { name: name?, root, dockerfile: dockerfile?, context: context? })
}

fn name(text: Text<'_>, lines: &mut BTreeMap<ComponentName, u32>, findings: &mut Findings) -> Option<ComponentName> {
    let Ok(name) = ComponentName::parse(text.value) else {
        let message = format!("`{}` is not the name of a repository.", quoted(text.value));
        let remedy = "Use 1 to 40 lower-case letters, digits and `-`, not at the ends.";
        findings.push(Finding::new("component-name", message, remedy).on_line(text.line));
        return None;
    };
    if let Some(first) = lines.get(&name) {
        let message = format!("The repository on line {first} is named `{name}`, too.");
        findings.push(Finding::new("component-duplicate", message, "Give each a name of its own.").on_line(text.line));
        return None;
    }
    lines.insert(name.clone(), text.line);
    Some(name)
}
