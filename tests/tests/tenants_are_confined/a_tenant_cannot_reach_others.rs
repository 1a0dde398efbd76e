//! Other tenants, the platform and the cluster itself, all out of an owner's reach.

use anyhow::Result;
use roost_tests::attempt::{Attempt, Barrier, all_are_refused};
use roost_tests::manifests::{config_map, deployment, object, pod, pod_spec, secret, service};
use roost_tests::owner::Owner;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::new_owner;
use serde_json::{Value, json};

const CORE: &str = "api/v1";
const APPS: &str = "apis/apps/v1";
const RBAC: &str = "apis/rbac.authorization.k8s.io/v1";
const NETWORKING: &str = "apis/networking.k8s.io/v1";
const ADMISSION: &str = "apis/admissionregistration.k8s.io/v1";

fn binding() -> Value {
    let role = json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"});
    let subject = json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "system:serviceaccounts"});
    json!({"roleRef": role, "subjects": [subject]})
}

/// Reads and writes of each sort in somebody else's namespace, where a `prize` may be.
fn attempts_in(namespace: &str) -> Vec<Attempt> {
    let path = |group: &str, rest: &str| format!("/{group}/namespaces/{namespace}/{rest}");
    let reads = [
        ("get", "namespaces", format!("/{CORE}/namespaces/{namespace}")),
        ("list", "pods", path(CORE, "pods")),
        ("watch", "pods", path(CORE, "pods?watch=true&timeoutSeconds=1")),
        ("get", "pods/log", path(CORE, "pods/prize/log")),
        ("get", "pods/exec", path(CORE, "pods/prize/exec?command=id&stdout=true")),
        ("list", "secrets", path(CORE, "secrets")),
        ("get", "secrets", path(CORE, "secrets/prize")),
        ("get", "configmaps", path(CORE, "configmaps/prize")),
        ("get", "services/proxy", path(CORE, "services/prize/proxy/")),
        ("list", "events", path(CORE, "events")),
        ("list", "deployments", path(APPS, "deployments")),
    ];
    let changed = json!({"data": {"colour": "red"}, "metadata": {"labels": {"owned": "by-another"}}});
    let eviction = object("policy/v1", "Eviction", "prize", &json!({}));
    let role_binding = object("rbac.authorization.k8s.io/v1", "RoleBinding", "intruder", &binding());
    let token = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}});
    let writes = Attempt::without_rights([
        ("create", "pods", path(CORE, "pods"), pod("intruder", &pod_spec(&json!({})))),
        ("create", "pods/eviction", path(CORE, "pods/prize/eviction"), eviction),
        ("create", "configmaps", path(CORE, "configmaps"), config_map("intruder")),
        ("update", "configmaps", path(CORE, "configmaps/prize"), config_map("prize")),
        ("patch", "configmaps", path(CORE, "configmaps/prize"), changed.clone()),
        ("patch", "secrets", path(CORE, "secrets/prize"), changed.clone()),
        ("delete", "secrets", path(CORE, "secrets/prize"), Value::Null),
        ("deletecollection", "secrets", path(CORE, "secrets"), Value::Null),
        ("create", "services", path(CORE, "services"), service("intruder", &json!({}))),
        ("create", "serviceaccounts/token", path(CORE, "serviceaccounts/default/token"), token),
        ("create", "deployments", path(APPS, "deployments"), deployment("intruder", &pod_spec(&json!({})))),
        ("delete", "networkpolicies", path(NETWORKING, "networkpolicies/roost-fence"), Value::Null),
        ("create", "rolebindings", path(RBAC, "rolebindings"), role_binding),
        ("patch", "namespaces", format!("/{CORE}/namespaces/{namespace}"), changed),
        ("delete", "namespaces", format!("/{CORE}/namespaces/{namespace}"), Value::Null),
    ]);
    let reads = reads.map(|(verb, resource, path)| Attempt::without_right(verb, resource, &path));
    reads.into_iter().chain(writes).collect()
}

/// Were one of these let through, it must not break the platform for everyone else.
fn rehearsed(attempts: Vec<Attempt>) -> Vec<Attempt> {
    attempts.into_iter().map(Attempt::rehearsed).collect()
}

async fn prizes(owner: &Owner) -> Result<Vec<String>> {
    let mut prizes = Vec::new();
    for resource in ["configmaps/prize", "secrets/prize", "services/prize"] {
        prizes.push(owner.read(&owner.path(CORE, resource)).await?);
    }
    Ok(prizes)
}

#[tokio::test]
async fn nothing_of_another_tenant_can_be_seen_or_changed() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let (curious, other) = (new_owner(&platform, "curious").await?, new_owner(&platform, "other").await?);
    for (resource, prize) in
        [("configmaps", config_map("prize")), ("secrets", secret("prize")), ("services", service("prize", &json!({})))]
    {
        other.create(CORE, resource, &prize).await?;
    }
    let before = prizes(&other).await?;
    all_are_refused(&curious, &attempts_in(&other.namespace)).await?;
    assert_eq!(prizes(&other).await?, before);
    Ok(())
}

/// Paths that begin in the owner's namespace, or look as if they did, and lead out of it.
fn detours(owner: &Owner) -> Vec<Attempt> {
    let home = format!("/{CORE}/namespaces/{}", owner.namespace);
    [
        ("../secrets", format!("{home}/../kube-system/secrets")),
        ("../secrets", format!("{home}/%2e%2e/kube-system/secrets")),
        ("../secrets", format!("{home}%2f..%2fkube-system/secrets")),
        ("pods/..", format!("{home}/pods/..%2f..%2fkube-system%2fsecrets")),
    ]
    .map(|(resource, path)| Attempt::without_right("get", resource, &path))
    .into()
}

#[tokio::test]
async fn nothing_of_the_platform_can_be_seen_or_changed() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "curious").await?;
    for namespace in ["kube-system", "roost-system", "roost-builds", "default"] {
        all_are_refused(&owner, &rehearsed(attempts_in(namespace))).await?;
    }
    all_are_refused(&owner, &detours(&owner)).await
}

fn reads_of_the_cluster() -> Vec<Attempt> {
    let resources = [
        ("list", "namespaces", "/api/v1/namespaces"),
        ("list", "secrets", "/api/v1/secrets"),
        ("watch", "pods", "/api/v1/pods?watch=true&timeoutSeconds=1"),
        ("list", "nodes", "/api/v1/nodes"),
        ("get", "nodes/proxy", "/api/v1/nodes/any/proxy/pods"),
        ("get", "nodes/proxy", "/api/v1/nodes/any/proxy/exec/kube-system/any/any?command=id&stdout=true"),
        ("get", "nodes/metrics", "/api/v1/nodes/any/metrics"),
        ("list", "persistentvolumes", "/api/v1/persistentvolumes"),
        ("list", "clusterroles", "/apis/rbac.authorization.k8s.io/v1/clusterroles"),
        ("list", "customresourcedefinitions", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"),
        ("list", "priorityclasses", "/apis/scheduling.k8s.io/v1/priorityclasses"),
    ];
    let resources = resources.map(|(verb, resource, path)| Attempt::without_right(verb, resource, path));
    let paths = ["/metrics", "/logs/", "/debug/pprof/", "/configz"];
    let paths = paths.map(|path| Attempt::stopped_by(Barrier::RightsToPath("get"), "GET", path));
    resources.into_iter().chain(paths).collect()
}

fn writes_to_the_cluster() -> Vec<Attempt> {
    let path = |group: &str, rest: &str| format!("/{group}/{rest}");
    let taint = json!({"spec": {"taints": [{"key": "mine", "effect": "NoExecute"}]}});
    let priority = object("scheduling.k8s.io/v1", "PriorityClass", "first", &json!({"value": 1_000_000}));
    let binding = object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "intruder", &binding());
    let everything = json!({"rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]});
    let role = object("rbac.authorization.k8s.io/v1", "ClusterRole", "intruder", &everything);
    let webhook = object("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "x", &json!({}));
    let definition = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "xs.example.com", &json!({}));
    let service = object("apiregistration.k8s.io/v1", "APIService", "v1.example.com", &json!({}));
    let (definitions, services) = ("apis/apiextensions.k8s.io/v1", "apis/apiregistration.k8s.io/v1");
    let (policies, webhooks) = ("validatingadmissionpolicybindings", "mutatingwebhookconfigurations");
    let namespace = object("v1", "Namespace", "user-intruder", &json!({}));
    let scheduling = "apis/scheduling.k8s.io/v1";
    Attempt::without_rights([
        ("create", "namespaces", path(CORE, "namespaces"), namespace),
        ("patch", "nodes", path(CORE, "nodes/any"), taint),
        ("delete", "nodes", path(CORE, "nodes/any"), Value::Null),
        ("create", "priorityclasses", path(scheduling, "priorityclasses"), priority),
        ("create", "clusterrolebindings", path(RBAC, "clusterrolebindings"), binding),
        ("create", "clusterroles", path(RBAC, "clusterroles"), role),
        ("patch", "clusterroles", path(RBAC, "clusterroles/roost-tenant"), everything),
        ("create", webhooks, path(ADMISSION, webhooks), webhook),
        ("delete", policies, path(ADMISSION, "validatingadmissionpolicybindings/roost-tenant-pods"), Value::Null),
        ("create", "customresourcedefinitions", path(definitions, "customresourcedefinitions"), definition),
        ("create", "apiservices", path(services, "apiservices"), service),
        ("delete", "storageclasses", path("apis/storage.k8s.io/v1", "storageclasses/any"), Value::Null),
    ])
}

#[tokio::test]
async fn nothing_of_the_cluster_can_be_seen_or_changed() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "curious").await?;
    all_are_refused(&owner, &rehearsed(reads_of_the_cluster())).await?;
    all_are_refused(&owner, &rehearsed(writes_to_the_cluster())).await
}
