//! Attempts to take a host or a path that is not the user's to take, and mistakes, each refused with its code.

use super::{Routing, read};
use crate::{
    artifact::Findings,
    document::{DocumentRules, parse},
};

fn routing(text: &str) -> Result<Routing, Vec<(String, u32)>> {
    let documents = parse(text, &DocumentRules::configuration()).unwrap();
    let mut findings = Findings::default();
    let routing = read(&documents[0], &mut findings);
    let findings = findings.into_vec();
    if findings.is_empty() {
        return Ok(routing);
    }
    Err(findings.into_iter().map(|finding| (finding.code.into_owned(), finding.line.unwrap_or_default())).collect())
}

/// What it is, the configuration's text, and the code of the fault on line 2.
pub(crate) const REFUSED: &[(&str, &str, &str)] = &[
    ("a host with a path", "routing:\n  web: example.com/api", "routing-host"),
    ("a host alone", "routing:\n  web: custard-tasty-pie.example.com", "routing-host"),
    ("another user's address", "routing:\n  web: https://quick-brown-fox.example.com/", "routing-host"),
    ("an address without a scheme", "routing:\n  web: //quick-brown-fox.example.com/", "routing-host"),
    ("a host with a port", "routing:\n  web: localhost:8080/", "routing-host"),
    ("the machine itself", "routing:\n  web: localhost/", "routing-host"),
    ("an IPv6 host", "routing:\n  web: '[::1]/'", "routing-host"),
    ("an address with a user", "routing:\n  web: me@example/api", "routing-host"),
    ("a host as the service", "routing:\n  example.com: /", "routing-host"),
    ("every host as the service", "routing:\n  '*.example.com': /", "routing-host"),
    ("every host", "routing:\n  '*': /", "routing-host"),
    ("a mapping with a host", "routing:\n  web: {host: example.com, path: /}", "routing-host"),
    ("a mapping with hosts in a list", "routing:\n  web: [{hostnames: [example.com]}]", "routing-host"),
    ("a field for the host", "routing:\n  host: shop.example.com", "routing-host"),
    ("certificates for the host", "routing:\n  web: /.well-known/acme-challenge", "routing-path-reserved"),
    ("one certificate", "routing:\n  web: /.well-known/acme-challenge/token/*", "routing-path-reserved"),
    ("the same in capitals", "routing:\n  web: /.Well-Known/ACME-challenge/", "routing-path-reserved"),
    ("the platform's path", "routing:\n  web: /.roost/status", "routing-path-reserved"),
    ("the platform's path, encoded", "routing:\n  web: /%2eroost", "routing-path-encoded"),
    ("the platform's path by a detour", "routing:\n  web: /a/../.roost", "routing-path-dots"),
    ("the platform's path by two slashes", "routing:\n  web: /a//.roost", "routing-path-empty-part"),
    ("an encoded slash", "routing:\n  web: /api%2Fadmin", "routing-path-encoded"),
    ("a part that is none", "routing:\n  web: /./api", "routing-path-dots"),
    ("a path upwards", "routing:\n  web: /api/..", "routing-path-dots"),
    ("a backslash", "routing:\n  web: /api\\admin", "routing-path-character"),
    ("a header in the path", "routing:\n  web: \"/api\\r\\nHost: example.com\"", "routing-path-character"),
    ("a query", "routing:\n  web: /api?x=1", "routing-path-character"),
    ("a fragment", "routing:\n  web: '/api#x'", "routing-path-character"),
    ("a path parameter", "routing:\n  web: /api;v=1", "routing-path-character"),
    ("a regular expression", "routing:\n  web: /(api|admin)", "routing-path-character"),
    ("a space", "routing:\n  web: /my app", "routing-path-character"),
    ("letters of other scripts", "routing:\n  web: /аpi", "routing-path-character"),
    ("an asterisk inside", "routing:\n  web: /*/api", "routing-path-wildcard"),
    ("an asterisk at a name", "routing:\n  web: /api*", "routing-path-wildcard"),
    ("two asterisks", "routing:\n  web: /api/**", "routing-path-wildcard"),
    ("an asterisk with a slash behind", "routing:\n  web: /api/*/", "routing-path-wildcard"),
    ("a slash too many", "routing:\n  web: /api//", "routing-path-empty-part"),
    ("no slash", "routing:\n  web: api", "routing-path-relative"),
    ("nothing", "routing:\n  web: ''", "routing-path-relative"),
    ("a null", "routing:\n  web:", "wrong-type"),
    ("a number", "routing:\n  web: 8080", "wrong-type"),
    ("a mapping", "routing:\n  web: {path: /}", "wrong-type"),
    ("a list in a list", "routing:\n  web: [[/]]", "wrong-type"),
    ("no paths", "routing:\n  web: []", "routing-path-missing"),
    ("a service that cannot be", "routing:\n  My_Service: /", "routing-service-name"),
    ("a path as the service", "routing:\n  /api: backend", "routing-service-name"),
];

#[test]
fn hosts_and_paths_that_are_not_the_users_are_refused_with_their_code() {
    for (what, text, code) in REFUSED {
        let found = routing(text).unwrap_err();
        assert!(found.contains(&((*code).to_owned(), 2)), "{what}: {found:?}");
    }
}

#[test]
fn two_services_cannot_claim_one_path() {
    for second in ["/api", "/api/", "/api/*", "/API"] {
        let text = format!("routing:\n  a: [/, /api]\n  b: {second}");
        assert_eq!(routing(&text), Err(vec![("routing-duplicate".to_owned(), 3)]), "{second}");
    }
    assert!(routing("routing:\n  a: [/, /*]").is_err());
}

#[test]
fn the_number_and_the_length_of_routes_are_bounded() {
    let paths = |count: usize| (0..count).map(|n| "\n  - /".to_owned() + &n.to_string()).collect::<String>();
    assert_eq!(routing(&format!("routing:\n  web:{}", paths(50))).map(|routing| routing.rules.len()), Ok(50));
    let found = routing(&format!("routing:\n  web:{}", paths(51)));
    assert_eq!(found, Err(vec![("routing-too-many".to_owned(), 1)]));
    let services = |count: usize| (0..count).map(|n| format!("\n  web-{n}: /{n}")).collect::<Vec<_>>().concat();
    assert_eq!(routing(&format!("routing:{}", services(16))).map(|routing| routing.rules.len()), Ok(16));
    let found = routing(&format!("routing:{}", services(17)));
    assert_eq!(found, Err(vec![("routing-too-many-services".to_owned(), 1)]));
    let found = routing(&format!("routing:\n  web: /{}", "a".repeat(200)));
    assert_eq!(found, Err(vec![("routing-path-too-long".to_owned(), 2)]));
}

#[test]
fn a_wrong_routing_is_told_from_none() {
    assert_eq!(routing("a: 1"), Ok(Routing::default()));
    assert_eq!(routing("routing: {}"), Ok(Routing::default()));
    for (text, code) in [
        ("routing: /", "wrong-type"),
        ("routing:", "wrong-type"),
        ("routing: example.com", "routing-host"),
        ("routing: [{host: example.com, path: /}]", "routing-host"),
    ] {
        assert_eq!(routing(text), Err(vec![(code.to_owned(), 1)]), "{text}");
    }
}

#[test]
fn every_route_keeps_its_service_and_line() {
    let routing = routing("routing:\n  frontend: /\n  backend:\n  - /api/*\n  - /auth\n").unwrap();
    let rules: Vec<_> =
        routing.rules.iter().map(|rule| (rule.service.as_str(), rule.path.as_str(), rule.line)).collect();
    assert_eq!(rules, [("backend", "/api", 4), ("backend", "/auth", 5), ("frontend", "/", 2)]);
}
