//! Attempts to gain a host, a path or another's traffic by objects, and routes that lead nowhere.

use super::{check_text, codes};

/// What it is, an object, and the code.
const ATTEMPTS: &[(&str, &str, &str)] = &[
    (
        "another's host by an Ingress",
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, \
         spec: {rules: [{host: quick-brown-fox.example.com}]}}",
        "kind-routes",
    ),
    (
        "every host by an Ingress",
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a}, spec: {defaultBackend: {}}}",
        "kind-routes",
    ),
    (
        "another's host by a route",
        "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, \
         spec: {hostnames: [quick-brown-fox.example.com]}}",
        "kind-routes",
    ),
    ("a listener", "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: a}}", "kind-routes"),
    (
        "leave to lead to another namespace",
        "{apiVersion: gateway.networking.k8s.io/v1beta1, kind: ReferenceGrant, metadata: {name: a}}",
        "kind-routes",
    ),
    (
        "a route of the gateway's own",
        "{apiVersion: traefik.io/v1alpha1, kind: IngressRoute, metadata: {name: a}}",
        "kind-routes",
    ),
    (
        "a route of a mesh",
        "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: a}}",
        "kind-routes",
    ),
    (
        "a Service that leads to another's",
        "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {type: ExternalName, selector: {app: a}, \
         externalName: web.user-bob.svc.cluster.local}}",
        "service-external-name service-type routing-port",
    ),
    (
        "a Service without pods",
        "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80}]}}",
        "service-without-selector",
    ),
    (
        "a Service with an empty selector",
        "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {selector: {}, ports: [{port: 80}]}}",
        "service-without-selector",
    ),
    (
        "endpoints by hand",
        "{apiVersion: v1, kind: Endpoints, metadata: {name: a}, subsets: [{addresses: [{ip: 10.0.0.1}]}]}",
        "kind-not-allowed",
    ),
    (
        "endpoints by hand, sliced",
        "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: a}, endpoints: []}",
        "kind-not-allowed",
    ),
    (
        "an external address",
        "{apiVersion: v1, kind: Service, metadata: {name: a}, \
         spec: {selector: {app: a}, externalIPs: [1.1.1.1], ports: [{port: 80}]}}",
        "service-address",
    ),
    (
        "a load balancer",
        "{apiVersion: v1, kind: Service, metadata: {name: a}, \
         spec: {type: LoadBalancer, selector: {app: a}, ports: [{port: 80}]}}",
        "service-type",
    ),
    (
        "the address of a load balancer",
        "{apiVersion: v1, kind: Service, metadata: {name: a}, \
         spec: {selector: {app: a}, loadBalancerIP: 1.1.1.1, ports: [{port: 80}]}}",
        "service-address",
    ),
    (
        "a port of all nodes",
        "{apiVersion: v1, kind: Service, metadata: {name: a}, \
         spec: {type: NodePort, selector: {app: a}, ports: [{port: 80}]}}",
        "service-type",
    ),
    (
        "a port of all nodes by number",
        "{apiVersion: v1, kind: Service, metadata: {name: a}, \
         spec: {selector: {app: a}, ports: [{port: 80, nodePort: 30443}]}}",
        "service-address",
    ),
    (
        "the address of another Service",
        "{apiVersion: v1, kind: Service, metadata: {name: a}, \
         spec: {selector: {app: a}, clusterIP: 10.96.0.10, ports: [{port: 80}]}}",
        "service-address",
    ),
    (
        "the same, in a list",
        "{apiVersion: v1, kind: Service, metadata: {name: a}, \
         spec: {selector: {app: a}, clusterIPs: [10.96.0.10], ports: [{port: 80}]}}",
        "service-address",
    ),
    (
        "the pods of another project",
        "{apiVersion: v1, kind: Service, metadata: {name: a}, \
         spec: {selector: {roost.dev/project: other}, ports: [{port: 80}]}}",
        "key-of-the-platform routing-selects-nothing",
    ),
    (
        "a label by which the platform knows its own",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {app.kubernetes.io/managed-by: roost}}}",
        "key-of-the-platform",
    ),
    (
        "another tenant's label",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {roost.dev/tenant: u2}}}",
        "key-of-the-platform",
    ),
    (
        "settings of an ingress",
        "{apiVersion: v1, kind: Service, metadata: {name: a, annotations: \
         {nginx.ingress.kubernetes.io/server-snippet: x}}, spec: {selector: {app: a}, ports: [{port: 80}]}}",
        "key-of-the-cluster",
    ),
    (
        "settings of the gateway",
        "{apiVersion: v1, kind: Service, metadata: {name: a, annotations: \
         {traefik.ingress.kubernetes.io/service.serversscheme: https}}, \
         spec: {selector: {app: a}, ports: [{port: 80}]}}",
        "key-of-the-cluster",
    ),
    (
        "a name in the outer DNS",
        "{apiVersion: v1, kind: Service, metadata: {name: a, annotations: \
         {external-dns.alpha.kubernetes.io/hostname: quick-brown-fox.example.com}}, \
         spec: {selector: {app: a}, ports: [{port: 80}]}}",
        "key-of-the-cluster",
    ),
    (
        "a certificate",
        "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: a}, spec: {dnsNames: ['*.example.com']}}",
        "kind-not-allowed",
    ),
    (
        "the platform's own route's name",
        "{apiVersion: v1, kind: Service, metadata: {name: roost-shop}, spec: {selector: {app: a}, ports: [{port: 80}]}}",
        "name-of-the-platform",
    ),
];

const DEPLOYMENT: &str = "
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec: {containers: [{name: a, image: nginx}]}
";

fn service(name: &str, spec: &str) -> String {
    format!("\n---\n{{apiVersion: v1, kind: Service, metadata: {{name: {name}}}, spec: {{{spec}}}}}\n")
}

fn routing_codes(services: &[String], rules: &[(&str, &str)]) -> Vec<(String, Option<u32>)> {
    let findings = check_text(&format!("{}{DEPLOYMENT}", services.concat()), &[], rules).err().unwrap_or_default();
    findings.into_iter().map(|finding| (finding.code.into_owned(), finding.line)).collect()
}

#[test]
fn no_object_takes_a_host_a_path_or_anothers_traffic() {
    for (what, object, code) in ATTEMPTS {
        let expected: Vec<&str> = code.split(' ').collect();
        assert_eq!(codes(&format!("{object}\n{DEPLOYMENT}")), expected, "{what}: {object}");
    }
}

#[test]
fn routes_lead_to_services_and_ports_of_the_project_longest_prefix_first() {
    let web = service("web", "selector: {app: a}, ports: [{port: 80}]");
    let api = service("api", "selector: {app: a}, ports: [{name: metrics, port: 9090}, {name: http, port: 8080}]");
    let text = format!("{web}{api}{DEPLOYMENT}");
    let routes = check_text(&text, &[], &[("web", "/"), ("api", "/api/*")]).unwrap().routes;
    let routes: Vec<_> = routes.iter().map(|route| (route.path.as_str(), &*route.service, route.port)).collect();
    assert_eq!(routes, [("/api", "api", 8080), ("/", "web", 80)]);
}

#[test]
fn without_routing_the_only_service_answers_everything_and_none_means_no_address() {
    let web = service("web", "selector: {app: a}, ports: [{port: 80}, {port: 53, protocol: UDP, name: dns}]");
    let routes = check_text(&format!("{web}{DEPLOYMENT}"), &[], &[]).unwrap().routes;
    assert_eq!((routes[0].path.as_str(), &*routes[0].service, routes[0].port, routes.len()), ("/", "web", 80, 1));
    assert_eq!(check_text(DEPLOYMENT, &[], &[]).unwrap().routes, []);
}

#[test]
fn routes_that_lead_nowhere_are_refused_at_their_line() {
    let web = service("web", "selector: {app: a}, ports: [{port: 80}]");
    let found = routing_codes(std::slice::from_ref(&web), &[("web", "/"), ("other", "/api")]);
    assert_eq!(found, [("routing-unknown-service".to_owned(), Some(11))]);
    let found = routing_codes(&[web, service("api", "selector: {app: a}, ports: [{port: 80}]")], &[]);
    assert_eq!(found, [("routing-missing".to_owned(), None)]);
    let cases = [
        ("selector: {app: a}", "routing-port"),
        ("selector: {app: a}, ports: [{name: a, port: 1}, {name: b, port: 2}]", "routing-port"),
        ("selector: {app: a}, ports: [{port: 53, protocol: UDP}]", "routing-port"),
        ("selector: {app: a}, ports: [{port: 99999}]", "routing-port"),
        ("selector: {app: b}, ports: [{port: 80}]", "routing-selects-nothing"),
        ("selector: {app: a, tier: b}, ports: [{port: 80}]", "routing-selects-nothing"),
    ];
    for (spec, code) in cases {
        let found = routing_codes(&[service("web", spec)], &[("web", "/")]);
        assert_eq!(found, [(code.to_owned(), Some(3))], "{spec}");
    }
}
