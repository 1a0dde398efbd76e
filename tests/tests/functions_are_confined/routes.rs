//! The functions give hosts of three words to services of tenants, and nothing else to anybody.

use anyhow::Result;
use roost_tests::attempt::{Attempt, Barrier, all_are_refused};
use roost_tests::functions_identity::functions_identity;
use roost_tests::manifests::{merged, object};
use roost_tests::running_platform::{RunningPlatform, variable};
use roost_tests::signup::new_owner;
use serde_json::{Value, json};

const GROUP: &str = "apis/gateway.networking.k8s.io/v1";
const POLICY: &str = "roost-provisioner-routes";

fn route(base_domain: &str, changes: &Value) -> Value {
    let spec = json!({
        "parentRefs": [{"namespace": "roost-system", "name": "roost", "sectionName": "https"}],
        "hostnames": [format!("custard-tasty-pie.{base_domain}")],
        "rules": [{"backendRefs": [{"name": "web", "port": 80}]}],
    });
    let spec = json!({"spec": merged(&spec, changes)});
    object("gateway.networking.k8s.io/v1", "HTTPRoute", "roost-confined", &spec)
}

fn changes(base_domain: &str) -> Vec<(&'static str, Value)> {
    let below = |name: &str| format!("{name}.{base_domain}");
    let gateway = |namespace: &str, name: &str, section: &str| {
        let parent = json!({"namespace": namespace, "name": name, "sectionName": section});
        json!({"parentRefs": [parent]})
    };
    let (host, listener, services) =
        ("has one host, of three words", "belongs to the listener https", "leads to Services");
    let elsewhere =
        json!({"rules": [{"backendRefs": [{"name": "registry", "namespace": "roost-system", "port": 80}]}]});
    let redirect = json!({"type": "RequestRedirect", "requestRedirect": {"hostname": "example.com"}});
    vec![
        (host, json!({"hostnames": [below("registry")]})),
        (host, json!({"hostnames": ["custard-tasty-pie.example.com"]})),
        (host, json!({"hostnames": [below("custard-tasty-pie.other")]})),
        (host, json!({"hostnames": [below("*")]})),
        (host, json!({"hostnames": [below("a-b-c")]})),
        (host, json!({"hostnames": []})),
        (host, json!({"hostnames": [below("custard-tasty-pie"), below("plum-tasty-pie")]})),
        (listener, gateway("roost-system", "roost-platform", "https")),
        (listener, gateway("roost-system", "roost", "http")),
        (listener, gateway("kube-system", "roost", "https")),
        (services, elsewhere),
        (services, json!({"rules": [{"filters": [redirect]}]})),
    ]
}

#[tokio::test]
async fn hosts_of_three_words_are_given_and_no_others() -> Result<()> {
    let (platform, base) = (RunningPlatform::connect().await?, variable("ROOST_BASE_DOMAIN")?);
    let owner = new_owner(&platform, "routed").await?;
    let functions = functions_identity(&platform, &owner.namespace).await?;
    let path = functions.path(GROUP, "httproutes");
    let answer = functions.ask("POST", &format!("{path}?dryRun=All"), Some(&route(&base, &json!({})))).await?;
    assert_eq!(answer.code, 200, "{}", answer.message);
    let attempts = changes(&base).into_iter().map(|(rule, change)| {
        Attempt::stopped_by(Barrier::Policy(POLICY, rule), "POST", &path).with(route(&base, &change)).rehearsed()
    });
    all_are_refused(&functions, &attempts.collect::<Vec<_>>()).await?;
    let place = Barrier::Policy("roost-provisioner-place", "Roost acts only in namespaces named user-*");
    let platforms = format!("/{GROUP}/namespaces/roost-system/httproutes");
    all_are_refused(
        &functions,
        &[Attempt::stopped_by(place, "POST", &platforms).with(route(&base, &json!({}))).rehearsed()],
    )
    .await
}
