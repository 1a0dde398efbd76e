//! The single objects in users' files.

use serde_json::Value;

use super::kind::{self, Kind};
use super::node::{Node, Rule, Source};
use crate::artifact::{EntryPath, Findings};
use crate::document::{self, DocumentRules};
use crate::finding::Finding;

/// The most objects of one project: more than any app has, few enough to be applied within one run of a function.
const MOST_OBJECTS: usize = 200;

const NESTED_LIST: Rule = Rule {
    code: "list-nested",
    reason: "is a list within a list",
    remedy: "Write its items as documents of their own, between `---`.",
};

/// An object of an allowed kind.
pub(super) struct Object<'a> {
    pub(super) kind: Kind,
    /// Empty if it has no name, which is a finding of its own.
    pub(super) name: &'a str,
    pub(super) node: Node<'a>,
}

impl<'a> Object<'a> {
    /// The template of the pods it makes.
    pub(super) fn pod_template(&self) -> Option<Node<'a>> {
        self.node.descend(self.kind.pod_template()?)
    }
}

/// Reads the documents of all files.
pub(super) fn read<'a>(files: &'a [(EntryPath, String)], findings: &mut Findings) -> Vec<Source<'a>> {
    let mut sources = Vec::new();
    for (file, text) in files {
        match document::parse(text, &DocumentRules::objects()) {
            Ok(documents) => sources.extend(documents.into_iter().map(|document| Source { file, document })),
            Err(faults) => {
                for fault in faults {
                    findings.push(Finding::from(fault).in_file(file.as_str()));
                }
            }
        }
    }
    sources
}

/// The objects of allowed kinds in the documents, those in lists included.
pub(super) fn objects<'a>(sources: &'a [Source<'a>], findings: &mut Findings) -> Vec<Object<'a>> {
    let nodes: Vec<Node> = sources.iter().flat_map(|source| expand(&Node::root(source), findings)).collect();
    if let Some(first_too_many) = nodes.get(MOST_OBJECTS) {
        let message = format!("There are {} objects; at most {MOST_OBJECTS} are allowed.", nodes.len());
        findings.push(first_too_many.finding("too-many-objects", message, "Divide the app into several projects."));
    }
    nodes.into_iter().take(MOST_OBJECTS).filter_map(|node| object(node, findings)).collect()
}

fn expand<'a>(root: &Node<'a>, findings: &mut Findings) -> Vec<Node<'a>> {
    if !is_list(root.value()) {
        return vec![root.clone()];
    }
    let items = root.items("items", findings).into_iter().map(|item| item.as_root());
    let (lists, objects): (Vec<_>, Vec<_>) = items.partition(|item| is_list(item.value()));
    for list in lists {
        findings.push(list.refuse(&NESTED_LIST));
    }
    objects
}

fn is_list(value: &Value) -> bool {
    value.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"))
}

fn object<'a>(node: Node<'a>, findings: &mut Findings) -> Option<Object<'a>> {
    let Some(kind) = Kind::of(node.value()) else {
        findings.push(kind::refuse(&node));
        return None;
    };
    let name = node.value().pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
    Some(Object { kind, name, node })
}
