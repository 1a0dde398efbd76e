//! Traffic: in through the gateway only, and to nobody else's pods and addresses.

use anyhow::Result;
use roost_tests::attempt::{Attempt, Barrier, all_are_refused};
use roost_tests::manifests::{object, service};
use roost_tests::owner::Owner;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::new_owner;
use serde_json::{Value, json};

const CORE: &str = "api/v1";
const TYPE: Barrier = Barrier::Policy("roost-tenant-services", "Set spec.type to ClusterIP");
const ADDRESS: Barrier = Barrier::Policy("roost-tenant-services", "Remove spec.externalIPs");

/// New services, and changes to one that is there.
fn attempts_by_services(owner: &Owner) -> Vec<Attempt> {
    let services = owner.path(CORE, "services");
    let existing = format!("{services}/app");
    let created =
        |barrier, spec: Value| Attempt::stopped_by(barrier, "POST", &services).with(service("way-out", &spec));
    let changed = |barrier, spec: Value| Attempt::stopped_by(barrier, "PATCH", &existing).with(json!({"spec": spec}));
    let elsewhere = "kubernetes.default.svc.cluster.local";
    vec![
        created(TYPE, json!({"type": "NodePort"})),
        created(TYPE, json!({"type": "LoadBalancer"})),
        created(TYPE, json!({"type": "ExternalName", "externalName": elsewhere})),
        created(ADDRESS, json!({"externalIPs": ["10.96.0.1"]})),
        changed(TYPE, json!({"type": "NodePort"})),
        changed(TYPE, json!({"type": "LoadBalancer"})),
        changed(
            TYPE,
            json!({"type": "ExternalName", "externalName": elsewhere, "clusterIP": null, "clusterIPs": null}),
        ),
        changed(ADDRESS, json!({"externalIPs": ["10.96.0.1"]})),
    ]
}

/// What a service leads to, and what leads to a service (CVE-2021-25740, CVE-2020-8554).
fn attempts_by_addresses(owner: &Owner) -> Vec<Attempt> {
    let core = |rest: &str| owner.path(CORE, rest);
    let subsets = json!({"subsets": [{"addresses": [{"ip": "10.96.0.1"}], "ports": [{"port": 443}]}]});
    let taken = json!({"status": {"loadBalancer": {"ingress": [{"ip": "10.96.0.1"}]}}});
    let moved = json!({"status": {"podIP": "10.96.0.1", "podIPs": [{"ip": "10.96.0.1"}]}});
    let slice = json!({"addressType": "IPv4", "endpoints": [{"addresses": ["10.96.0.1"]}]});
    Attempt::without_rights([
        ("create", "endpoints", core("endpoints"), object("v1", "Endpoints", "app", &subsets)),
        ("patch", "endpoints", core("endpoints/app"), subsets),
        ("patch", "services/status", core("services/app/status"), taken),
        ("patch", "pods/status", core("pods/app/status"), moved),
        (
            "create",
            "endpointslices",
            owner.path("apis/discovery.k8s.io/v1", "endpointslices"),
            object("discovery.k8s.io/v1", "EndpointSlice", "app", &slice),
        ),
    ])
}

/// Routes and the gateway are the platform's: a route could take a neighbour's host.
fn attempts_by_routes(owner: &Owner) -> Vec<Attempt> {
    let host = json!({"spec": {"hostnames": ["neighbour.roost.localhost"]}});
    let backend = json!({"service": {"name": "app", "port": {"number": 80}}});
    let rows = [
        ("ingresses", "networking.k8s.io/v1", "Ingress", json!({"spec": {"defaultBackend": backend}})),
        ("httproutes", "gateway.networking.k8s.io/v1", "HTTPRoute", host.clone()),
        ("grpcroutes", "gateway.networking.k8s.io/v1", "GRPCRoute", host),
        ("gateways", "gateway.networking.k8s.io/v1", "Gateway", json!({"spec": {"gatewayClassName": "roost"}})),
    ];
    rows.map(|(resource, version, kind, rest)| {
        let path = owner.path(&format!("apis/{version}"), resource);
        Attempt::without_right("create", resource, &path).with(object(version, kind, "way-in", &rest))
    })
    .into()
}

#[tokio::test]
async fn services_lead_to_own_pods_only_and_nothing_leads_around_the_gateway() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "router").await?;
    owner.create(CORE, "services", &service("app", &json!({}))).await?;
    all_are_refused(&owner, &attempts_by_services(&owner)).await?;
    all_are_refused(&owner, &attempts_by_addresses(&owner)).await?;
    all_are_refused(&owner, &attempts_by_routes(&owner)).await
}
