//! Pods: neither an owner nor a controller on its behalf gets one that could leave its container or choose its node.

use anyhow::{Result, ensure};
use k8s_openapi::api::core::v1::{Pod, Toleration};
use k8s_openapi::api::node::v1::RuntimeClass;
use kube::Api;
use kube::api::{DeleteParams, PostParams};
use roost_tests::attempt::{Attempt, Barrier, all_are_refused};
use roost_tests::controllers;
use roost_tests::manifests::{container, deployment, job, merged, object, pod, pod_spec, stateful_set};
use roost_tests::owner::Owner;
use roost_tests::running_platform::RunningPlatform;
use roost_tests::signup::new_owner;
use roost_tests::until;
use roost_tests::user::User;
use serde_json::{Value, json};

const CORE: &str = "api/v1";
const POLICY: &str = "roost-tenant-pods";

/// Without effect, should it be let through: it takes no name and no room in the quota from the next attempt.
fn creation(owner: &Owner, barrier: Barrier, spec: &Value) -> Attempt {
    Attempt::stopped_by(barrier, "POST", &owner.path(CORE, "pods")).with(pod("escape", spec)).rehearsed()
}

/// A pod that is kept from being scheduled: it exists, and costs the node nothing.
fn waiting() -> Value {
    pod_spec(&json!({"schedulingGates": [{"name": "roost.dev/test"}]}))
}

/// What Pod Security has to refuse about a whole pod.
fn unsafe_specs() -> Vec<(&'static str, Value)> {
    let volume = |source: Value| json!({"volumes": [merged(&json!({"name": "host"}), &source)]});
    vec![
        ("host namespaces (hostNetwork=true)", json!({"hostNetwork": true})),
        ("host namespaces (hostPID=true)", json!({"hostPID": true})),
        ("host namespaces (hostIPC=true)", json!({"hostIPC": true})),
        ("restricted volume type \"hostPath\"", volume(json!({"hostPath": {"path": "/"}}))),
        ("restricted volume type \"nfs\"", volume(json!({"nfs": {"server": "10.96.0.1", "path": "/"}}))),
        ("runAsUser=0", json!({"securityContext": {"runAsUser": 0}})),
        ("runAsNonRoot != true", json!({"securityContext": {"runAsNonRoot": false}})),
        ("seccompProfile", json!({"securityContext": {"seccompProfile": {"type": "Unconfined"}}})),
        ("forbidden sysctls", json!({"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}})),
        ("forbidden AppArmor profile", json!({"securityContext": {"appArmorProfile": {"type": "Unconfined"}}})),
    ]
}

/// What it has to refuse about one container.
fn unsafe_containers() -> Vec<(&'static str, Value)> {
    // Escalation has to be left open: without it the API server finds privileges contradictory.
    let privileged = json!({"securityContext": {"privileged": true, "allowPrivilegeEscalation": true}});
    vec![
        ("privileged (", privileged),
        ("allowPrivilegeEscalation != false", json!({"securityContext": {"allowPrivilegeEscalation": true}})),
        ("unrestricted capabilities", json!({"securityContext": {"capabilities": {"drop": []}}})),
        ("unrestricted capabilities", json!({"securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}})),
        ("runAsUser=0", json!({"securityContext": {"runAsUser": 0}})),
        ("hostPort (", json!({"ports": [{"containerPort": 80, "hostPort": 80}]})),
    ]
}

#[tokio::test]
async fn pods_that_could_leave_their_container_are_refused() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "escaper").await?;
    let whole = unsafe_specs().into_iter().map(|(control, changes)| (control, pod_spec(&changes)));
    let main = unsafe_containers()
        .into_iter()
        .map(|(control, changes)| (control, pod_spec(&json!({"containers": [container(&changes)]}))));
    let first = unsafe_containers().into_iter().map(|(control, changes)| {
        let first = merged(&container(&changes), &json!({"name": "first"}));
        (control, pod_spec(&json!({"initContainers": [first]})))
    });
    let specs = whole.chain(main).chain(first);
    let attempts: Vec<_> =
        specs.map(|(control, spec)| creation(&owner, Barrier::PodSecurity(control), &spec)).collect();
    all_are_refused(&owner, &attempts).await?;
    owner.create(CORE, "pods", &pod("confined", &waiting())).await
}

/// What Pod Security leaves open, and the chart's policy closes.
fn presumptuous_specs(runtime: &str) -> Vec<(&'static str, Value)> {
    let token = json!({"serviceAccountToken": {"path": "token"}});
    let tokens = json!({"serviceAccountName": "tenant", "volumes": [{"name": "t", "projected": {"sources": [token]}}]});
    vec![
        ("A pod may not choose its node", json!({"nodeName": "any"})),
        ("A pod may not tolerate taints", json!({"tolerations": [{"operator": "Exists"}]})),
        ("A pod may not tolerate taints", json!({"tolerations": [{"key": "pool", "operator": "Exists"}]})),
        ("System priority classes are not allowed", json!({"priorityClassName": "system-cluster-critical"})),
        ("System priority classes are not allowed", json!({"priorityClassName": "system-node-critical"})),
        ("A pod may not choose its container runtime", json!({"runtimeClassName": runtime})),
        ("A pod may not choose its scheduler", json!({"schedulerName": "mine"})),
        ("Pods may not run as the service account \"tenant\"", json!({"serviceAccountName": "tenant"})),
        // The field's old name.
        ("Pods may not run as the service account \"tenant\"", json!({"serviceAccount": "tenant"})),
        ("Pods may not run as the service account \"tenant\"", tokens),
        ("Inline CSI volumes are not allowed", json!({"volumes": [{"name": "v", "csi": {"driver": "x.example.com"}}]})),
    ]
}

/// The kubelet makes these calls itself, from the node: no network policy holds for it.
fn far_reaching_containers() -> Vec<Value> {
    let (get, connect) = (json!({"host": "169.254.169.254", "port": 80}), json!({"host": "10.96.0.1", "port": 443}));
    vec![
        json!({"livenessProbe": {"httpGet": get}}),
        json!({"readinessProbe": {"tcpSocket": connect}}),
        json!({"startupProbe": {"httpGet": get}}),
        json!({"lifecycle": {"postStart": {"httpGet": get}}}),
        json!({"lifecycle": {"preStop": {"httpGet": get}}}),
    ]
}

#[tokio::test]
async fn the_kubelet_asks_no_other_host_on_behalf_of_a_pod() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "prober").await?;
    let barrier = Barrier::Policy(POLICY, "Probes and hooks may not name a host");
    let main = far_reaching_containers().into_iter().map(|changes| json!({"containers": [container(&changes)]}));
    let beside = far_reaching_containers().into_iter().map(|changes| {
        let beside = json!({"name": "beside", "restartPolicy": "Always"});
        json!({"initContainers": [merged(&container(&changes), &beside)]})
    });
    let attempts: Vec<_> = main.chain(beside).map(|changes| creation(&owner, barrier, &pod_spec(&changes))).collect();
    all_are_refused(&owner, &attempts).await?;
    let own = json!({"containers": [container(&json!({"livenessProbe": {"httpGet": {"port": 8000}}}))]});
    owner.create(CORE, "pods", &pod("own", &merged(&waiting(), &own))).await
}

/// An existing runtime class: one that does not exist is refused by something else.
async fn new_runtime_class(classes: &Api<RuntimeClass>) -> Result<String> {
    let name = User::new("runtime").name;
    let class = json!({"metadata": {"name": name}, "handler": "none"});
    classes.create(&PostParams::default(), &serde_json::from_value(class)?).await?;
    Ok(name)
}

#[tokio::test]
async fn pods_that_ask_for_more_than_a_container_are_refused() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "presumer").await?;
    let classes: Api<RuntimeClass> = Api::all(platform.cluster.clone());
    let runtime = new_runtime_class(&classes).await?;
    let specs = presumptuous_specs(&runtime).into_iter();
    let mut attempts: Vec<_> =
        specs.map(|(rule, changes)| creation(&owner, Barrier::Policy(POLICY, rule), &pod_spec(&changes))).collect();
    let urgent = Barrier::ApiServer("integer value of priority (2000000000) must not be provided");
    attempts.push(creation(&owner, urgent, &pod_spec(&json!({"priority": 2_000_000_000}))));
    // It would put a pod on every node.
    let everywhere = object("apps/v1", "DaemonSet", "everywhere", &json!({}));
    let daemon_sets = owner.path("apis/apps/v1", "daemonsets");
    attempts.push(Attempt::without_right("create", "daemonsets", &daemon_sets).with(everywhere));
    let outcome = all_are_refused(&owner, &attempts).await;
    classes.delete(&runtime, &DeleteParams::default()).await?;
    outcome
}

/// The tolerations a pod has, and one more; those it has cannot go.
async fn with_one_more_toleration(owner: &Owner, name: &str) -> Result<Value> {
    let pod: Pod = serde_json::from_str(&owner.read(&owner.path(CORE, &format!("pods/{name}"))).await?)?;
    let mut tolerations = pod.spec.and_then(|spec| spec.tolerations).unwrap_or_default();
    tolerations.push(Toleration { operator: Some("Exists".to_owned()), ..Toleration::default() });
    Ok(json!({"spec": {"tolerations": tolerations}}))
}

#[tokio::test]
async fn a_pod_cannot_be_changed_into_what_it_could_not_be_created_as() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "changer").await?;
    owner.create(CORE, "pods", &pod("app", &waiting())).await?;
    let path = |rest: &str| owner.path(CORE, &format!("pods/app{rest}"));
    let debugger = json!({"spec": {"ephemeralContainers": [{"name": "debugger", "image": "registry.invalid/none:1"}]}});
    let node = json!({"target": {"kind": "Node", "name": "any"}});
    let larger = json!({"spec": {"containers": [{"name": "app", "resources": {"limits": {"cpu": "64"}}}]}});
    let eviction = object("policy/v1", "Eviction", "app", &json!({}));
    let mut attempts = Attempt::without_rights([
        ("patch", "pods/ephemeralcontainers", path("/ephemeralcontainers"), debugger),
        ("patch", "pods/resize", path("/resize"), larger),
        ("create", "pods/binding", path("/binding"), object("v1", "Binding", "app", &node)),
        ("create", "pods/eviction", path("/eviction"), eviction),
        ("get", "pods/proxy", path("/proxy/"), Value::Null),
    ]);
    let tolerant = Barrier::Policy(POLICY, "A pod may not tolerate taints");
    let change = with_one_more_toleration(&owner, "app").await?;
    attempts.push(Attempt::stopped_by(tolerant, "PATCH", &path("")).with(change));
    all_are_refused(&owner, &attempts).await
}

/// Objects that are taken, and whose pods then have to be refused to the controllers that create them.
fn templates() -> Vec<(&'static str, &'static str, Value, Barrier)> {
    let (apps, batch) = ("apis/apps/v1", "apis/batch/v1");
    let spec = |changes: Value| pod_spec(&changes);
    let disk = spec(json!({"volumes": [{"name": "host", "hostPath": {"path": "/"}}]}));
    let root = spec(json!({"securityContext": {"runAsUser": 0}}));
    let (network, node) = (spec(json!({"hostNetwork": true})), spec(json!({"nodeName": "any"})));
    let account = spec(json!({"serviceAccountName": "tenant"}));
    let as_tenant = Barrier::Policy(POLICY, "Pods may not run as the service account \"tenant\"");
    let on_node = Barrier::Policy(POLICY, "A pod may not choose its node");
    vec![
        (apps, "deployments", deployment("disk", &disk), Barrier::PodSecurity("restricted volume type \"hostPath\"")),
        (apps, "deployments", deployment("account", &account), as_tenant),
        (apps, "statefulsets", stateful_set("node", &node), on_node),
        (apps, "statefulsets", stateful_set("root", &root), Barrier::PodSecurity("runAsUser=0")),
        (batch, "jobs", job("network", &network), Barrier::PodSecurity("host namespaces (hostNetwork=true)")),
    ]
}

#[tokio::test]
async fn controllers_create_no_pod_that_its_owner_could_not() -> Result<()> {
    let platform = RunningPlatform::connect().await?;
    let owner = new_owner(&platform, "delegator").await?;
    for (group, resource, object, _) in templates() {
        owner.create(group, resource, &object).await?;
    }
    for (_, _, object, barrier) in templates() {
        let name = object["metadata"]["name"].as_str().unwrap();
        controllers::are_stopped(&owner, name, barrier).await?;
        ensure!(controllers::labelled(&owner, "pods", name).await? == 0, "a pod of {name} came to be");
    }
    // The same controllers do create a pod that breaks no rule.
    owner.create("apis/apps/v1", "deployments", &deployment("confined", &waiting())).await?;
    until::some("the pod that is allowed", || async {
        Ok((controllers::labelled(&owner, "pods", "confined").await? == 1).then_some(()))
    })
    .await
}
