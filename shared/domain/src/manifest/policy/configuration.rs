//! Objects that only hold data: `ConfigMaps` and Secrets.

use super::fields::{Fields, only, unknown};
use crate::artifact::Findings;
use crate::manifest::node::{Node, Rule};

const CONFIG_MAP: Fields = Fields {
    allowed: &["apiVersion", "kind", "metadata", "data", "binaryData", "immutable"],
    refused: &[],
    otherwise: unknown("is not a field of a ConfigMap"),
    even_empty: false,
};

const SECRET: Fields = Fields {
    allowed: &["apiVersion", "kind", "metadata", "type", "data", "stringData", "immutable"],
    refused: &[],
    otherwise: unknown("is not a field of a Secret"),
    even_empty: false,
};

/// Secrets of other types are filled or acted on by the cluster: with a token that never expires, for example.
const SECRET_TYPE: Rule = Rule {
    code: "secret-type",
    reason: "is a type of Secret that is not allowed",
    remedy: "Remove it, or write `Opaque`.",
};

pub(super) fn check_config_map(object: &Node, findings: &mut Findings) {
    CONFIG_MAP.check(object, findings);
}

pub(super) fn check_secret(object: &Node, findings: &mut Findings) {
    SECRET.check(object, findings);
    only(object, "type", &["", "Opaque"], &SECRET_TYPE, findings);
}
