//! `platform-config.yaml`: which parts of an archive are built, where the objects are, and which paths lead where.

mod absence;
mod component;
#[cfg(test)]
mod corpus;
mod location;
mod objects;
#[cfg(test)]
mod schema;
mod section;
mod sleep;

use crate::{
    artifact::{EntryPath, Findings, Tree},
    document::{self, Document, DocumentRules},
    finding::Finding,
    routing::{self, Routing},
};

pub use absence::missing;
pub use component::Component;
pub use sleep::{Sleep, not_in_plan};

use section::Section;

/// The configuration's place: the archive's root, and nowhere else.
pub const FILE_NAME: &str = "platform-config.yaml";

/// What a user's configuration says, with all paths counted from the archive's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformConfig {
    /// What is built, in the order in which it is written.
    pub components: Vec<Component>,
    /// A file of Kubernetes objects, or a directory of such files.
    pub objects: EntryPath,
    /// Which service answers which paths.
    pub routing: Routing,
    /// When it sleeps, as far as it says so.
    pub sleep: Sleep,
}

impl PlatformConfig {
    /// The files of Kubernetes objects, in order.
    #[must_use]
    pub fn object_files(&self, tree: &Tree) -> Vec<EntryPath> {
        objects::files(&self.objects, tree)
    }
}

/// Reads the configuration of an archive. Everything wrong with it is reported together.
pub fn check(text: &str, tree: &Tree) -> Result<PlatformConfig, Vec<Finding>> {
    let mut findings = Findings::default();
    let config = match document::parse(text, &DocumentRules::configuration()) {
        Ok(documents) => documents.first().and_then(|document| read(document, tree, &mut findings)),
        Err(faults) => {
            for fault in faults {
                findings.push(fault.into());
            }
            None
        }
    };
    let findings = findings.into_vec();
    match config {
        Some(config) if findings.is_empty() => Ok(config),
        _ => Err(findings.into_iter().map(|finding| finding.in_file(FILE_NAME)).collect()),
    }
}

fn read(document: &Document, tree: &Tree, findings: &mut Findings) -> Option<PlatformConfig> {
    let section = Section::of(document, String::new(), findings)?;
    section.refuse_unknown_fields(&["repositories", "k8s_yaml_path", "routing", "sleep"], findings);
    let components = component::read_all(&section, tree, findings);
    let objects = objects::read(&section, tree, findings);
    let routing = routing::read(document, findings);
    let sleep = sleep::read(document, findings);
    Some(PlatformConfig { components: components?, objects: objects?, routing, sleep: sleep? })
}
