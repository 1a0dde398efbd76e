//! Claims of volumes: always of a new one. By naming or selecting a volume, a claim could take one that another tenant
//! has left behind.

use super::fields::{Fields, only, unknown};
use super::workload;
use crate::artifact::Findings;
use crate::manifest::node::{Node, Rule};

const EXISTING_VOLUME: Rule = Rule {
    code: "existing-volume",
    reason: "asks for a volume that exists already",
    remedy: "Remove it; a new volume is made for the claim.",
};

const DATA_SOURCE: Rule = Rule {
    code: "volume-source",
    reason: "fills the volume from elsewhere",
    remedy: "Remove it; fill the volume by a Job or an init container.",
};

const CLAIM: Fields = Fields {
    allowed: &["accessModes", "resources", "storageClassName", "volumeMode"],
    refused: &[
        ("volumeName", EXISTING_VOLUME),
        ("selector", EXISTING_VOLUME),
        ("dataSource", DATA_SOURCE),
        ("dataSourceRef", DATA_SOURCE),
    ],
    otherwise: unknown("is not a field of a claim that is allowed"),
    even_empty: false,
};

const BLOCK: Rule = Rule {
    code: "devices",
    reason: "asks for a device instead of a file system",
    remedy: "Remove it, or write `Filesystem`.",
};

/// Checks a claim, or a template of claims.
pub(super) fn check(claim: &Node, findings: &mut Findings) {
    let Some(spec) = workload::spec(claim, findings) else { return };
    CLAIM.check(&spec, findings);
    only(&spec, "volumeMode", &["", "Filesystem"], &BLOCK, findings);
    // Without a class no volume is made: the claim waits for any that is free and has none.
    if let Some(class) = spec.field("storageClassName").filter(|class| !class.is_set()) {
        findings.push(class.refuse(&EXISTING_VOLUME));
    }
}
