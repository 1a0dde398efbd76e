//! From the `routing` field of `platform-config.yaml` to routes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{PathPrefix, PathPrefixError, Routing, RoutingRule, ServiceName, path_prefix::names_host};
use crate::{
    artifact::{Findings, quoted},
    document::Document,
    finding::Finding,
};

/// Routes of one project; every one is work for the router.
const MOST_RULES: usize = 50;
/// An `HTTPRoute` has one rule for each service, and no more than these
/// (<https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec>).
const MOST_SERVICES: usize = 16;
/// Where routes are written.
const FIELD: &str = "/routing";

/// Reads the routes of a configuration, which has none if the field is missing.
pub fn read(configuration: &Document, findings: &mut Findings) -> Routing {
    let mut reading = Reading { configuration, findings, rules: Vec::new(), lines: BTreeMap::new() };
    match configuration.value.pointer(FIELD) {
        None => {}
        Some(Value::Object(services)) => reading.services(services),
        Some(other) => {
            let line = configuration.line(FIELD);
            reading.findings.push(not_a_route(other, "`routing` is not a mapping of services to paths.").on_line(line));
        }
    }
    let rules = reading.rules;
    if rules.len() > MOST_RULES {
        let message = format!("There are {} routes; at most {MOST_RULES} are taken.", rules.len());
        let remedy = "Claim a path that covers several of them.";
        findings.push(Finding::new("routing-too-many", message, remedy).on_line(configuration.line(FIELD)));
    }
    let services = rules.iter().map(|rule| rule.service.as_str()).collect::<BTreeSet<_>>().len();
    if services > MOST_SERVICES {
        let message = format!("The routes lead to {services} services; at most {MOST_SERVICES} are taken.");
        let remedy = "Put a gateway of your own before some of them, or make it two projects.";
        findings.push(Finding::new("routing-too-many-services", message, remedy).on_line(configuration.line(FIELD)));
    }
    Routing { rules }
}

struct Reading<'a> {
    configuration: &'a Document,
    findings: &'a mut Findings,
    rules: Vec<RoutingRule>,
    /// The lines of the paths claimed so far, in lower case: people do not tell addresses apart by case.
    lines: BTreeMap<String, u32>,
}

impl Reading<'_> {
    fn services(&mut self, services: &Map<String, Value>) {
        for (name, paths) in services {
            let pointer = format!("{FIELD}/{}", name.replace('~', "~0").replace('/', "~1"));
            let line = self.configuration.line(&pointer);
            let service = self.service(name, line);
            match paths {
                Value::Array(paths) if paths.is_empty() => self.findings.push(no_path(name).on_line(line)),
                Value::Array(paths) => {
                    for (index, path) in paths.iter().enumerate() {
                        let line = self.configuration.line(&format!("{pointer}/{index}"));
                        self.route(service.as_ref(), path, line);
                    }
                }
                path => self.route(service.as_ref(), path, line),
            }
        }
    }

    fn service(&mut self, name: &str, line: u32) -> Option<ServiceName> {
        let error = match ServiceName::parse(name) {
            Ok(service) => return Some(service),
            Err(error) => error,
        };
        let finding = if names_host(name) || name.starts_with('*') {
            host(name)
        } else {
            let message = format!("`{}` {error}.", quoted(name));
            Finding::new("routing-service-name", message, "Write `service: path`, as in `frontend: /`.")
        };
        self.findings.push(finding.on_line(line));
        None
    }

    fn route(&mut self, service: Option<&ServiceName>, path: &Value, line: u32) {
        let Value::String(text) = path else {
            let message = "This is not a path, or a list of paths.";
            return self.findings.push(not_a_route(path, message).on_line(line));
        };
        let path = match PathPrefix::parse(text) {
            Ok(path) => path,
            Err(error) => return self.findings.push(error.finding(text).on_line(line)),
        };
        if let Some(first) = self.lines.insert(path.as_str().to_ascii_lowercase(), line) {
            return self.findings.push(duplicate(&path, first).on_line(line));
        }
        self.rules.extend(service.map(|service| RoutingRule { service: service.clone(), path, line }));
    }
}

fn host(text: &str) -> Finding {
    let message = format!("`{}` names a host.", quoted(text));
    Finding::new(PathPrefixError::Host.code(), message, "Write `service: path`: the platform gives the address.")
}

fn no_path(service: &str) -> Finding {
    let message = format!("The service `{}` has no path.", quoted(service));
    Finding::new("routing-path-missing", message, "Give it a path, as in `frontend: /`, or leave it out.")
}

fn duplicate(path: &PathPrefix, first: u32) -> Finding {
    let message = format!("The path `{path}` is already claimed on line {first}, apart from case and ending.");
    Finding::new("routing-duplicate", message, "Give each path to one service.")
}

/// What stands where a path should stand: the wish for a host, or a mistake.
fn not_a_route(value: &Value, message: &str) -> Finding {
    const HOST_FIELDS: &[&str] = &["host", "hosts", "hostname", "hostnames", "domain", "url"];
    let wishes_host = |value: &Value| match value {
        Value::Object(fields) => fields.keys().any(|field| HOST_FIELDS.contains(&field.as_str())),
        Value::String(text) => names_host(text),
        _ => false,
    };
    match value {
        Value::Array(items) if items.iter().any(wishes_host) => host("routing"),
        _ if wishes_host(value) => host("routing"),
        _ => Finding::new("wrong-type", message, "Write `service: path`, as in `frontend: /`."),
    }
}
