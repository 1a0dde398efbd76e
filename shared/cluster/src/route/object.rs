//! The route as the Gateway API has it: <https://gateway-api.sigs.k8s.io/api-types/httproute/>.

use std::collections::BTreeMap;

use jiff::Timestamp;
use roost_domain::label::{MANAGED_BY, PROJECT, TENANT};
use roost_domain::manifest::Route;
use serde_json::{Value, json};

use super::{NOT_OPEN, OPENED, ProjectRoute};

impl ProjectRoute {
    pub(super) fn object(&self, host: &str, routes: &[Route]) -> Value {
        let opened = Timestamp::now().to_string();
        self.with(
            &opened,
            &json!({
                // Plain HTTP is answered by one redirect for all hosts, which is a part of the chart.
                "parentRefs": [{"namespace": "roost-system", "name": "roost", "sectionName": "https"}],
                "hostnames": [host],
                "rules": rules(routes),
            }),
        )
    }

    /// A route that belongs to no gateway, and so leads nowhere.
    pub(super) fn inert_object(&self, host: &str) -> Value {
        self.with(NOT_OPEN, &json!({"hostnames": [host]}))
    }

    fn with(&self, opened: &str, spec: &Value) -> Value {
        json!({
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "HTTPRoute",
            "metadata": {
                "name": self.name(),
                "namespace": self.namespace,
                "labels": {MANAGED_BY: "roost", TENANT: self.tenant, PROJECT: self.project},
                "annotations": {OPENED: opened},
            },
            "spec": spec,
        })
    }
}

/// One rule for each service, as a route may have no more than 16 of them. Among all its paths the gateway takes the
/// longest prefix that fits, whatever their order.
fn rules(routes: &[Route]) -> Vec<Value> {
    let mut services: BTreeMap<(&str, u16), Vec<Value>> = BTreeMap::new();
    for route in routes {
        let path = json!({"path": {"type": "PathPrefix", "value": route.path.as_str()}});
        services.entry((&route.service, route.port)).or_default().push(path);
    }
    let rule = |((name, port), matches)| json!({"matches": matches, "backendRefs": [{"name": name, "port": port}]});
    services.into_iter().map(rule).collect()
}

#[cfg(test)]
mod tests {
    use roost_domain::routing::PathPrefix;

    use super::*;

    fn route(path: &str, service: &str) -> Route {
        Route { path: PathPrefix::parse(path).unwrap(), service: service.to_owned(), port: 80 }
    }

    #[test]
    fn the_paths_of_a_service_are_one_rule() {
        let routes = [route("/api/v1", "old"), route("/api/*", "api"), route("/rpc", "api"), route("/", "web")];
        let prefix = |path: &str| json!({"path": {"type": "PathPrefix", "value": path}});
        let to = |service: &str| json!([{"name": service, "port": 80}]);
        let expected = [
            json!({"matches": [prefix("/api"), prefix("/rpc")], "backendRefs": to("api")}),
            json!({"matches": [prefix("/api/v1")], "backendRefs": to("old")}),
            json!({"matches": [prefix("/")], "backendRefs": to("web")}),
        ];
        assert_eq!(rules(&routes), expected);
    }
}
