//! Where an app's pods answer: addresses of pods, as a Service's own address learns of new pods only later.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use k8s_openapi::api::core::v1::Service;
use k8s_openapi::api::discovery::v1::{Endpoint as SliceEndpoint, EndpointPort, EndpointSlice};
use roost_domain::manifest::Route;

/// Which Service a slice belongs to.
pub(super) const SERVICE_NAME: &str = "kubernetes.io/service-name";
/// <https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol>
const HTTP2_WITHOUT_TLS: &str = "kubernetes.io/h2c";

/// An address that answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// The pod's address, and the port its container listens on.
    pub address: SocketAddr,
    /// Whether it speaks HTTP/2 from the beginning.
    pub is_http2: bool,
}

/// The names of Services' ports, by the Service's name and the port's number.
pub(super) type PortNames = BTreeMap<(String, u16), String>;

/// The addresses for each route, by the Service's name and the port's number.
#[derive(Debug, Clone, Default)]
pub(super) struct Endpoints(BTreeMap<(String, u16), Vec<Endpoint>>);

impl Endpoints {
    /// What slices say about routes.
    pub(super) fn of(routes: &[Route], names: &PortNames, slices: &[&EndpointSlice]) -> Self {
        let addresses = |route: &Route| {
            let key = (route.service.clone(), route.port);
            let name = names.get(&key);
            let own = slices.iter().filter(|slice| service_of(slice) == Some(route.service.as_str()));
            let addresses = own.flat_map(|slice| ready_endpoints(slice, name.map(String::as_str))).collect();
            (key, addresses)
        };
        Self(routes.iter().map(addresses).collect())
    }

    /// Whether there is an address for every route.
    pub(super) fn are_complete(&self) -> bool {
        !self.0.is_empty() && self.0.values().all(|addresses| !addresses.is_empty())
    }

    /// One of a route's addresses; another one with each number.
    pub(super) fn choose(&self, route: &Route, number: usize) -> Option<Endpoint> {
        let all = self.0.get(&(route.service.clone(), route.port)).filter(|all| !all.is_empty())?;
        all.get(number % all.len()).copied()
    }
}

/// The names of a Service's ports.
pub(super) fn port_names(service: &Service) -> PortNames {
    let name = service.metadata.name.clone().unwrap_or_default();
    let ports = service.spec.iter().flat_map(|spec| spec.ports.iter().flatten());
    let named = ports.filter_map(|port| Some(((name.clone(), u16::try_from(port.port).ok()?), port.name.clone()?)));
    named.collect()
}

fn service_of(slice: &EndpointSlice) -> Option<&str> {
    slice.metadata.labels.as_ref()?.get(SERVICE_NAME).map(String::as_str)
}

fn ready_endpoints(slice: &EndpointSlice, name: Option<&str>) -> Vec<Endpoint> {
    let Some((port, is_http2)) = slice.ports.iter().flatten().find_map(|port| matching(port, name)) else {
        return Vec::new();
    };
    let ready = slice.endpoints.iter().filter(|endpoint| is_ready(endpoint));
    let addresses = ready.filter_map(|endpoint| endpoint.addresses.first()?.parse::<IpAddr>().ok());
    addresses.map(|address| Endpoint { address: SocketAddr::new(address, port), is_http2 }).collect()
}

/// A port has the name that it has in its Service; a Service's only port needs none.
fn matching(port: &EndpointPort, name: Option<&str>) -> Option<(u16, bool)> {
    let is_this = port.name.as_deref().unwrap_or_default() == name.unwrap_or_default();
    let number = port.port.and_then(|number| u16::try_from(number).ok()).filter(|_| is_this)?;
    Some((number, port.app_protocol.as_deref() == Some(HTTP2_WITHOUT_TLS)))
}

/// Without a word it is.
fn is_ready(endpoint: &SliceEndpoint) -> bool {
    endpoint.conditions.as_ref().and_then(|conditions| conditions.ready).unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use roost_domain::routing::PathPrefix;
    use serde_json::{Value, json};

    use super::*;

    fn route(service: &str, port: u16) -> Route {
        Route { path: PathPrefix::parse("/").unwrap(), service: service.to_owned(), port }
    }

    fn slice(service: &str, endpoints: &Value, ports: &Value) -> EndpointSlice {
        let slice = json!({
            "metadata": {"name": service, "labels": {"kubernetes.io/service-name": service}},
            "addressType": "IPv4", "endpoints": endpoints, "ports": ports,
        });
        serde_json::from_value(slice).unwrap()
    }

    fn address(endpoints: &Endpoints, route: &Route, number: usize) -> Option<String> {
        endpoints.choose(route, number).map(|endpoint| endpoint.address.to_string())
    }

    #[test]
    fn requests_go_to_ready_pods_in_turn() {
        let endpoints = json!([
            {"addresses": ["10.0.0.1"], "conditions": {"ready": true}},
            {"addresses": ["10.0.0.2"], "conditions": {"ready": false}},
            {"addresses": ["10.0.0.3"], "conditions": {}},
        ]);
        let slice = slice("web", &endpoints, &json!([{"name": "", "port": 8080}]));
        let endpoints = Endpoints::of(&[route("web", 80)], &PortNames::new(), &[&slice]);
        let seen = [0, 1, 2].map(|number| address(&endpoints, &route("web", 80), number).unwrap());
        assert_eq!(seen, ["10.0.0.1:8080", "10.0.0.3:8080", "10.0.0.1:8080"]);
        assert_eq!(address(&endpoints, &route("api", 80), 0), None);
        assert!(endpoints.are_complete());
    }

    #[test]
    fn one_service_without_pods_leaves_the_others_incomplete() {
        let slice = slice("web", &json!([{"addresses": ["10.0.0.1"]}]), &json!([{"name": "", "port": 8080}]));
        assert!(!Endpoints::of(&[route("web", 80), route("api", 80)], &PortNames::new(), &[&slice]).are_complete());
        assert!(!Endpoints::default().are_complete());
    }

    #[test]
    fn a_port_is_found_by_the_name_that_its_service_gives_it() {
        let service = json!({"metadata": {"name": "web"}, "spec": {"ports": [
            {"name": "metrics", "port": 9100}, {"name": "grpc", "port": 80, "targetPort": "rpc"},
        ]}});
        let names = port_names(&serde_json::from_value(service).unwrap());
        let ports = json!([{"name": "metrics", "port": 9100}, {"name": "grpc", "port": 5005, "appProtocol": "kubernetes.io/h2c"}]);
        let slice = slice("web", &json!([{"addresses": ["10.0.0.1"]}]), &ports);
        let endpoints = Endpoints::of(&[route("web", 80)], &names, &[&slice]);
        let expected = Endpoint { address: "10.0.0.1:5005".parse().unwrap(), is_http2: true };
        assert_eq!(endpoints.choose(&route("web", 80), 0), Some(expected));
    }
}
