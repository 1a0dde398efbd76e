//! Rules for `metadata`: the platform's names, labels and controls are its own.

pub(super) mod keys;
pub(super) mod names;

use super::node::{Node, Rule};
use super::policy::Fields;
use crate::artifact::Findings;

const EXPORTED: &str = "Remove it; it is set by Kubernetes, and comes from an export of a live object.";

const fn exported(reason: &'static str) -> Rule {
    Rule { code: "metadata-of-the-server", reason, remedy: EXPORTED }
}

const METADATA: Fields = Fields {
    allowed: &["name", "labels", "annotations"],
    refused: &[
        (
            "namespace",
            Rule {
                code: "namespace",
                reason: "names a namespace",
                remedy: "Remove it; the objects go to your own namespace.",
            },
        ),
        (
            "generateName",
            Rule {
                code: "generated-name",
                reason: "asks for a new name at every deployment",
                remedy: "Write `name`; objects are replaced by name.",
            },
        ),
        (
            "ownerReferences",
            Rule {
                code: "owner-references",
                reason: "ties the object's life to another object's",
                remedy: "Remove it; what a new release no longer contains is removed by the platform.",
            },
        ),
        (
            "finalizers",
            Rule {
                code: "finalizers",
                reason: "can keep the object from being removed",
                remedy: "Remove it; nothing in the cluster would act on it.",
            },
        ),
        ("managedFields", exported("records who wrote what")),
        ("uid", exported("identifies a live object")),
        ("resourceVersion", exported("identifies a version of a live object")),
        ("creationTimestamp", exported("is a time in the past")),
        ("deletionTimestamp", exported("is a time of deletion")),
        ("deletionGracePeriodSeconds", exported("is about a deletion")),
        ("generation", exported("counts changes of a live object")),
        ("selfLink", exported("is an address of a live object")),
    ],
    otherwise: Rule {
        code: "unknown-field",
        reason: "is not a field of `metadata` that is allowed",
        remedy: "Write `name`, `labels` and `annotations` only.",
    },
    even_empty: false,
};

/// Checks the metadata of an object, or of a template of objects.
pub(super) fn check(owner: &Node, findings: &mut Findings) {
    let Some(metadata) = owner.field("metadata") else { return };
    METADATA.check(&metadata, findings);
    for name in ["labels", "annotations"] {
        if let Some(mapping) = metadata.field(name) {
            keys::check(&mapping, findings);
        }
    }
}
