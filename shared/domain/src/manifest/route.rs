//! Where the paths of a project's address lead: to ports of its own Services.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::kind::Kind;
use super::node::{Node, Rule};
use super::object::Object;
use crate::artifact::Findings;
use crate::finding::Finding;
use crate::routing::{PathPrefix, Routing, RoutingRule};

const CONFIGURATION_FILE: &str = "platform-config.yaml";
/// By this name a Service says which of several ports speaks HTTP.
const HTTP: &str = "http";
const WHOLE_HOST: &str = "/";

/// A path that leads to a port of a Service.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Route {
    /// The prefix of the paths.
    pub path: PathPrefix,
    /// The Service's name.
    pub service: String,
    /// The Service's port.
    pub port: u16,
}

const ROUTING_MISSING: &str = "Write `routing` in platform-config.yaml, with the paths each Service answers.";

const NO_PORT: Rule = Rule {
    code: "routing-port",
    reason: "does not say which port requests are for",
    remedy: "Give the Service one TCP port, or name the one that speaks HTTP `http`.",
};

const SELECTS_NOTHING: Rule = Rule {
    code: "routing-selects-nothing",
    reason: "selects the pods of no Deployment or StatefulSet of the project",
    remedy: "Write labels that a template of pods has under `metadata.labels`.",
};

/// Finds the Service and the port of every route. Without `routing` a single Service answers everything; without any
/// Service the project has no address.
pub(super) fn resolve(objects: &[Object], routing: &Routing, findings: &mut Findings) -> Vec<Route> {
    let services: Vec<_> = objects.iter().filter(|object| object.kind == Kind::Service).collect();
    if !routing.rules.is_empty() {
        let rules = routing.longest_first();
        return rules.into_iter().filter_map(|rule| written(rule, &services, objects, findings)).collect();
    }
    match services[..] {
        [] => Vec::new(),
        [only] => whole_host(only, objects, findings).into_iter().collect(),
        _ => {
            let message = format!("There are {} Services and no `routing` among them.", services.len());
            findings.push(Finding::new("routing-missing", message, ROUTING_MISSING).in_file(CONFIGURATION_FILE));
            Vec::new()
        }
    }
}

fn written(rule: &RoutingRule, services: &[&Object], objects: &[Object], findings: &mut Findings) -> Option<Route> {
    let Some(service) = services.iter().find(|service| service.name == rule.service.as_str()) else {
        let message = format!("There is no Service `{}` among the project's objects.", rule.service);
        let remedy = "Write the name of a Service, as its `metadata.name` says.";
        let finding = Finding::new("routing-unknown-service", message, remedy);
        findings.push(finding.in_file(CONFIGURATION_FILE).on_line(rule.line));
        return None;
    };
    let port = port(service, objects, findings)?;
    Some(Route { path: rule.path.clone(), service: rule.service.to_string(), port })
}

fn whole_host(service: &Object, objects: &[Object], findings: &mut Findings) -> Option<Route> {
    let path = PathPrefix::parse(WHOLE_HOST).ok()?;
    let port = port(service, objects, findings)?;
    Some(Route { path, service: service.name.to_owned(), port })
}

fn port(service: &Object, objects: &[Object], findings: &mut Findings) -> Option<u16> {
    let spec = service.node.field("spec")?;
    if let Some(selector) = spec.field("selector")
        && !objects.iter().any(|object| is_selected(object, selector.value()))
    {
        findings.push(selector.refuse(&SELECTS_NOTHING));
    }
    // What is no list is a finding of the policy's.
    let ports = spec.items("ports", &mut Findings::default());
    let port = http_port(&ports);
    if port.is_none() {
        findings.push(spec.field("ports").unwrap_or(spec).refuse(&NO_PORT));
    }
    port
}

fn http_port(ports: &[Node]) -> Option<u16> {
    let tcp: Vec<_> = ports.iter().filter(|port| matches!(port.text("protocol"), None | Some("" | "TCP"))).collect();
    let port = match tcp[..] {
        [only] => only,
        _ => tcp.into_iter().find(|port| port.text("name") == Some(HTTP))?,
    };
    let number = port.field("port")?.value().as_u64()?;
    u16::try_from(number).ok().filter(|number| *number > 0)
}

fn is_selected(object: &Object, selector: &Value) -> bool {
    let Some(labels) = object.pod_template().and_then(|template| template.descend(&["metadata", "labels"])) else {
        return false;
    };
    let selector = selector.as_object();
    object.kind.serves()
        && selector.is_some_and(|selector| selector.iter().all(|(key, value)| labels.value().get(key) == Some(value)))
}
