//! The published schema says what the check says, as far as a schema can.

use std::sync::LazyLock;

use serde_json::Value;

use super::corpus::{FoundBy, TAKEN, refused};
use crate::{
    document::{DocumentRules, parse},
    routing,
};

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(include_str!("platform-config.schema.json")).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
});

fn accepts(text: &str) -> bool {
    parse(text, &DocumentRules::configuration()).is_ok_and(|documents| SCHEMA.is_valid(&documents[0].value))
}

#[test]
fn the_schema_takes_what_the_check_takes() {
    for (what, text) in TAKEN {
        assert!(accepts(text), "{what}");
    }
}

#[test]
fn the_schema_refuses_what_is_wrong_in_every_archive() {
    for (what, text, _, _, found_by) in refused() {
        let is_yaml = parse(&text, &DocumentRules::configuration()).is_ok();
        assert_eq!(is_yaml && !accepts(&text), found_by == FoundBy::Schema, "{what}");
    }
}

#[test]
fn the_schema_refuses_every_route_that_the_check_refuses() {
    for (what, text, _) in routing::corpus::REFUSED {
        let text = format!("repositories: [{{name: a, root: a}}]\nk8s_yaml_path: k8s\n{text}");
        assert!(parse(&text, &DocumentRules::configuration()).is_ok(), "{what}");
        assert!(!accepts(&text), "{what}");
    }
}
