//! Documents that are refused, each with the code that says why, and documents that are read.

use proptest::prelude::*;
use serde_json::json;

use super::{DocumentFault, DocumentRules, parse};

fn codes(text: &str, rules: &DocumentRules) -> Vec<(&'static str, u32)> {
    match parse(text, rules) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(|fault| (fault.code, fault.line)).collect(),
    }
}

/// What it is, the text, and the code and line of the fault.
const REFUSED: &[(&str, &str, &str, u32)] = &[
    ("an anchor", "a: &x 1", "anchor", 1),
    ("an anchor on a mapping", "a: &x\n  b: 1", "anchor", 2),
    ("an alias of nothing", "a: 1\nb: *x", "alias", 2),
    ("an alias as a key", "*x : 1", "alias", 1),
    ("a merge", "a:\n  <<: {b: 1}", "merge-key", 2),
    ("a merge of an alias", "<<: *x", "merge-key", 1),
    ("a type of the language of the reader", "!!python/object/apply:os.system [id]", "tag", 1),
    ("a type of one's own", "a: !secret x", "tag", 1),
    ("a type that changes nothing", "a: !!str x", "tag", 1),
    ("the type of nothing", "a: ! x", "tag", 1),
    ("a type on a key", "!!str a: 1", "tag", 1),
    ("a set", "a: !!set {x, y}", "tag", 1),
    ("a binary value", "a: !!binary aGk=", "tag", 1),
    ("a field twice", "a: 1\nb: 2\na: 3", "duplicate-key", 3),
    ("a field twice in flow style", "{a: 1, \"a\": 2}", "duplicate-key", 1),
    ("a field twice by an escape", "ab: 1\n\"a\\u0062\": 2", "duplicate-key", 2),
    ("a number as a key", "a:\n  80: x", "key-not-text", 2),
    ("a truth value as a key", "true: x", "key-not-text", 1),
    ("nothing as a key", "? \n: x", "key-not-text", 2),
    ("a null as a key", "~: x", "key-not-text", 1),
    ("a list as a key", "[a, b]: x", "key-not-text", 1),
    ("a mapping as a key", "? {a: b}\n: x", "key-not-text", 1),
    ("the key that is true in YAML 1.1", "on: push", "ambiguous-scalar", 1),
    ("a country", "a: NO", "ambiguous-scalar", 1),
    ("file permissions", "a:\n- 0644", "ambiguous-scalar", 2),
    ("a commit", "a: 12e5", "ambiguous-scalar", 1),
    ("a time of day", "a: 12:30", "ambiguous-scalar", 1),
    ("a number with underscores", "a: 1_000", "ambiguous-scalar", 1),
    ("infinity", "a: .inf", "number-range", 1),
    ("no number", "a: .nan", "number-range", 1),
    ("a number of 65 bits", "a: 36893488147419103232", "number-range", 1),
    ("a directive", "%YAML 1.1\n---\na: 1", "yaml-directive", 1),
    ("a directive for types", "%TAG ! tag:example.com,2000:\n---\na: !x 1", "yaml-directive", 1),
    ("a NUL", "a: 1\nb: \"\0\"", "control-character", 2),
    ("an escape sequence", "a: \u{1b}[2J", "control-character", 1),
    ("a C1 control", "a: \u{9b}2J", "control-character", 1),
    ("a byte-order mark inside", "a: 1\n\u{feff}b: 2", "control-character", 2),
    ("a byte-order mark of other order", "\u{fffe}a: 1", "control-character", 1),
    ("a key hidden behind a line separator", "# \u{2028}a: 1", "ambiguous-line-break", 1),
    ("a key hidden behind a next-line", "# \u{85}a: 1", "ambiguous-line-break", 1),
    ("a lone carriage return", "# x\ra: 1", "ambiguous-line-break", 1),
    ("a tab as indentation", "a:\n\tb: 1", "tab-indentation", 2),
    ("a bracket without end", "a: [1, 2", "yaml-syntax", 1),
    ("the wrong bracket", "a: [1}", "yaml-syntax", 1),
    ("a quote without end", "a: 'x", "yaml-syntax", 1),
    ("an unknown escape", "a: \"\\q\"", "yaml-syntax", 1),
    ("half a surrogate pair", "a: \"\\ud800\"", "yaml-syntax", 1),
    ("a template", "a: {{ .Values.x }}", "key-not-text", 1),
    ("a template in the place of a key", "{{- if .Values.x }}\na: 1", "yaml-syntax", 1),
    ("a mapping in a mapping's line", "a: b: c", "yaml-syntax", 1),
    ("indentation that fits nothing", "a:\n    b: 1\n  c: 2", "yaml-syntax", 3),
    ("a list after a mapping", "a: 1\n- b", "yaml-syntax", 2),
    ("a reserved character", "a: @x", "yaml-syntax", 1),
    ("text after the end", "a: 1\n... b", "yaml-syntax", 2),
    ("a second document", "a: 1\n---\nb: 2", "too-many-documents", 2),
    ("a second empty document", "a: 1\n---\n", "too-many-documents", 2),
    ("nothing", "", "document-missing", 1),
    ("a comment only", "# a: 1\n", "document-missing", 1),
    ("a null", "--- ~\n", "document-missing", 1),
];

#[test]
fn what_is_not_plain_data_is_refused_with_its_code_and_line() {
    for (what, text, code, line) in REFUSED {
        let found = codes(text, &DocumentRules::configuration());
        assert!(found.contains(&(code, *line)), "{what}: {found:?}");
    }
}

#[test]
fn what_would_fill_the_memory_is_refused_with_its_code() {
    let laughs = format!("a: &a [{}]\nb: [*a, *a]", "x, ".repeat(1000));
    let cases = [
        ("a file too large", "a".repeat((1 << 20) + 1), "document-too-large"),
        ("brackets in brackets", "[".repeat(100_000), "too-deep"),
        ("braces in braces", "{a: ".repeat(65), "too-deep"),
        ("lists in lists", "- ".repeat(1000), "too-deep"),
        (
            "both kinds, one in the other",
            format!("{}{}{}", "- ".repeat(40), "[".repeat(40), "]".repeat(40)),
            "too-deep",
        ),
        ("mappings in mappings", (0..70).map(|n| " ".repeat(n) + "a:\n").collect(), "too-deep"),
        ("empty values", format!("[{}]", "[],".repeat(60_000)), "too-many-values"),
        ("many documents", "---\n".repeat(101), "too-many-documents"),
        ("laughs", laughs, "anchor"),
        (
            "long keys above many values",
            format!("? {}\n: [{}]", "k".repeat(900_000), "1,".repeat(50_001)),
            "too-many-values",
        ),
    ];
    for (what, text, code) in cases {
        let found = codes(&text, &DocumentRules::objects());
        assert!(found.iter().any(|(found, _)| *found == code), "{what}: {found:?}");
    }
}

#[test]
fn everything_wrong_is_reported_together_up_to_a_bound() {
    let found = codes("a: yes\nb: 0777\nb: *x\nc: !t &n 1\n", &DocumentRules::configuration());
    let expected = [
        ("ambiguous-scalar", 1),
        ("ambiguous-scalar", 2),
        ("alias", 3),
        ("duplicate-key", 3),
        ("anchor", 4),
        ("tag", 4),
    ];
    assert_eq!(found, expected);
    assert_eq!(codes("yes", &DocumentRules::configuration()), [("ambiguous-scalar", 1)]);
    assert_eq!(codes(&"- yes\n".repeat(1000), &DocumentRules::objects()).len(), 100);
    assert_eq!(codes(&"\u{1}\n".repeat(1000), &DocumentRules::objects()).len(), 100);
}

#[test]
fn plain_data_is_read_as_kubernetes_reads_it() {
    let cases = [
        ("a mapping", "a: 1\nb: x", json!({"a": 1, "b": "x"})),
        ("an indented list", "a:\n  - 1\n  - b: 2\n    c: 3", json!({"a": [1, {"b": 2, "c": 3}]})),
        ("a list that is not indented", "a:\n- 1\n- 2", json!({"a": [1, 2]})),
        ("flow style over lines", "a: [\n  v,\n  w,\n]", json!({"a": ["v", "w"]})),
        ("JSON", "{\"a\": [true, null, -1.5, \"x\\u00e4\\/\"]}", json!({"a": [true, null, -1.5, "xä/"]})),
        ("JSON indented by tabs", "{\n\t\"a\": 1\n}", json!({"a": 1})),
        ("a literal block", "a: |\n  x\n   y\n", json!({"a": "x\n y\n"})),
        ("a stripped block", "a: |-\n  x\n", json!({"a": "x"})),
        ("a kept block", "a: |+\n  x\n\n", json!({"a": "x\n\n"})),
        ("a block at the end of a file that ends in a line", "a: |\n  x\n  y", json!({"a": "x\ny"})),
        ("a folded block", "a: >\n  x\n  y\n", json!({"a": "x y\n"})),
        ("a text over lines", "a: x\n  y", json!({"a": "x y"})),
        ("quoted words", "a: 'yes'\nb: \"0777\"", json!({"a": "yes", "b": "0777"})),
        ("a quoted merge", "'<<': 1", json!({"<<": 1})),
        ("quotes in quotes", "a: 'it''s'", json!({"a": "it's"})),
        ("nothing as a value", "a:\nb: ~", json!({"a": null, "b": null})),
        (
            "an image",
            "image: docker.io/library/nginx:1.27@sha256:00",
            json!({"image": "docker.io/library/nginx:1.27@sha256:00"}),
        ),
        ("an address", "a: http://x:80/y#z # a comment", json!({"a": "http://x:80/y#z"})),
        ("a byte-order mark", "\u{feff}a: 1", json!({"a": 1})),
        ("lines of Windows", "a: 1\r\nb: |\r\n  x\r\n", json!({"a": 1, "b": "x\n"})),
        ("a marked document", "---\na: 1\n...\n", json!({"a": 1})),
        ("a date, which is a text", "a: 2026-01-31", json!({"a": "2026-01-31"})),
        ("an escaped control", "a: \"\\x1b\\u2028\"", json!({"a": "\u{1b}\u{2028}"})),
        ("other scripts", "ключ: 値", json!({"ключ": "値"})),
    ];
    for (what, text, value) in cases {
        let documents = parse(text, &DocumentRules::configuration());
        assert_eq!(documents.map(|mut all| all.remove(0).value), Ok(value), "{what}");
    }
}

#[test]
fn empty_documents_among_objects_are_skipped() {
    let documents = parse("---\n# nothing\n---\na: 1\n---\n---\nb: 2\n...\n", &DocumentRules::objects()).unwrap();
    assert_eq!(
        documents.iter().map(|document| &document.value).collect::<Vec<_>>(),
        [&json!({"a": 1}), &json!({"b": 2})]
    );
    assert_eq!(parse("", &DocumentRules::objects()), Ok(Vec::new()));
}

#[test]
fn a_fault_says_where_it_is_and_what_to_do() {
    let fault: DocumentFault = parse("a: 1\nb: yes\n", &DocumentRules::configuration()).unwrap_err().remove(0);
    let finding = crate::finding::Finding::from(fault).in_file("platform-config.yaml").to_string();
    assert!(finding.starts_with("platform-config.yaml:2: Some YAML readers take `yes` for a text"), "{finding}");
    assert!(finding.contains("Quote it"), "{finding}");
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|value| json!(value)),
        any::<i64>().prop_map(|value| json!(value)),
        any::<u64>().prop_map(|value| json!(value)),
        (-1.0e6..1.0e6).prop_map(|value| json!(value)),
        ".{0,20}".prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| json!(items)),
            prop::collection::btree_map(".{0,10}", inner, 0..6).prop_map(|fields| json!(fields)),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&String::from_utf8_lossy(&bytes), &DocumentRules::objects());
    }

    #[test]
    fn no_yaml_makes_the_parser_panic(text in r#"([a-c0-9]|[-?:,\[\]{}#&*!|>'"%@` \n\t]|<<|---|\.\.\.|\n  ){0,120}"#) {
        if let Err(faults) = parse(&text, &DocumentRules::objects()) {
            prop_assert!(!faults.is_empty());
        }
    }

    #[test]
    fn json_that_is_accepted_means_what_it_means_as_json(value in any_json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        match parse(&text, &DocumentRules::configuration()) {
            Ok(documents) => prop_assert_eq!(&documents[0].value, &value),
            Err(faults) => prop_assert!(
                faults.iter().all(|fault| matches!(
                    fault.code,
                    "control-character" | "ambiguous-line-break" | "ambiguous-scalar" | "document-missing"
                )),
                "{:?}", faults
            ),
        }
    }
}
