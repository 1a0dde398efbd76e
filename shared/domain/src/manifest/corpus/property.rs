//! Whatever is written where: what is accepted and rendered holds nothing that would reach out of its namespace.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use super::{check_text, rendered};

/// Fields that were dangerous somewhere in some version of Kubernetes, and some that are not.
fn fields() -> impl Strategy<Value = (&'static str, Value)> {
    select(vec![
        ("hostNetwork", json!(true)),
        ("hostPID", json!(true)),
        ("hostIPC", json!("yes")),
        ("hostPort", json!(80)),
        ("hostPath", json!({ "path": "/" })),
        ("csi", json!({ "driver": "x" })),
        ("nodeName", json!("node-1")),
        ("nodeSelector", json!({ "a": "b" })),
        ("tolerations", json!([{ "operator": "Exists" }])),
        ("nodeAffinity", json!({ "a": 1 })),
        ("runtimeClassName", json!("x")),
        ("priorityClassName", json!("system-node-critical")),
        ("serviceAccountName", json!("tenant")),
        ("serviceAccount", json!("tenant")),
        ("automountServiceAccountToken", json!(true)),
        ("shareProcessNamespace", json!(true)),
        ("privileged", json!(true)),
        ("allowPrivilegeEscalation", json!(true)),
        ("capabilities", json!({ "add": ["SYS_ADMIN"], "drop": [] })),
        ("procMount", json!("Unmasked")),
        ("runAsUser", json!(0)),
        ("runAsNonRoot", json!(false)),
        ("seccompProfile", json!({ "type": "Unconfined" })),
        ("securityContext", json!({ "privileged": true })),
        ("securityContext", json!([])),
        ("sysctls", json!([{ "name": "a", "value": "b" }])),
        ("namespace", json!("kube-system")),
        ("ownerReferences", json!([{ "uid": "a" }])),
        ("finalizers", json!(["a/b"])),
        ("externalIPs", json!(["1.1.1.1"])),
        ("externalName", json!("example.com")),
        ("type", json!("LoadBalancer")),
        ("nodePort", json!(30000)),
        ("selector", json!({})),
        ("volumeName", json!("pv-1")),
        ("volumeMode", json!("Block")),
        ("image", json!("registry.roost-system.svc:5000/bob/api")),
        ("imagePullPolicy", json!("Never")),
        ("imagePullSecrets", json!([{ "name": "a" }])),
        ("initContainers", json!([{ "name": "a", "image": "nginx", "securityContext": { "privileged": true } }])),
        ("containers", json!({ "name": "a" })),
        ("volumes", json!([{ "name": "a", "hostPath": { "path": "/" } }])),
        ("labels", json!({ "roost.dev/tenant": "u2" })),
        ("labels", json!("a")),
        ("terminationGracePeriodSeconds", json!(9999)),
        ("hostNetwork", json!(false)),
        ("nodeSelector", json!({})),
        ("securityContext", Value::Null),
        ("replicas", json!(2)),
        ("workingDir", json!("/")),
        ("labels", json!({ "app": "web" })),
    ])
}

/// Objects that keep all rules and have a place for most fields.
fn objects() -> Vec<Value> {
    let pod = json!({
        "containers": [{ "name": "a", "image": "api", "ports": [{ "containerPort": 80 }], "securityContext": {} }],
        "initContainers": [{ "name": "b", "image": "nginx" }],
        "volumes": [{ "name": "c", "emptyDir": {} }, { "name": "d", "persistentVolumeClaim": { "claimName": "e" } }],
        "securityContext": {}, "affinity": { "podAffinity": {} }
    });
    let template = json!({ "metadata": { "labels": { "app": "a" } }, "spec": pod });
    let selector = json!({ "matchLabels": { "app": "a" } });
    vec![
        json!({ "apiVersion": "v1", "kind": "Service", "metadata": { "name": "a" },
            "spec": { "selector": { "app": "a" }, "ports": [{ "port": 80 }] } }),
        json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "a" },
            "spec": { "selector": selector, "template": template } }),
        json!({ "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": { "name": "a" },
            "spec": { "selector": selector, "template": template, "volumeClaimTemplates":
                [{ "metadata": { "name": "f" }, "spec": { "accessModes": ["ReadWriteOnce"] } }] } }),
        json!({ "apiVersion": "batch/v1", "kind": "CronJob", "metadata": { "name": "a" },
            "spec": { "schedule": "@daily", "jobTemplate": { "spec": { "template": template } } } }),
    ]
}

/// Puts a field into one of the mappings inside a value.
fn insert(value: &mut Value, place: Index, name: &str, field: Value) {
    let place = place.index(mappings(value).max(1));
    let mut left = place;
    insert_at(value, &mut left, name, field);
}

fn mappings(value: &Value) -> usize {
    match value {
        Value::Object(fields) => 1 + fields.values().map(mappings).sum::<usize>(),
        Value::Array(items) => items.iter().map(mappings).sum(),
        _ => 0,
    }
}

fn insert_at(value: &mut Value, left: &mut usize, name: &str, field: Value) -> bool {
    match value {
        Value::Object(fields) if *left == 0 => {
            fields.insert(name.to_owned(), field);
            true
        }
        Value::Object(fields) => {
            *left -= 1;
            fields.values_mut().any(|inner| insert_at(inner, left, name, field.clone()))
        }
        Value::Array(items) => items.iter_mut().any(|inner| insert_at(inner, left, name, field.clone())),
        _ => false,
    }
}

fn says_something(fields: &Map<String, Value>, name: &str) -> bool {
    let silent = [Value::Null, json!(false), json!(0), json!(""), json!([]), json!({})];
    fields.get(name).is_some_and(|value| !silent.contains(value))
}

fn assert_silent(value: &Value, names: &[&str]) {
    let fields = value.as_object().unwrap_or_else(|| panic!("no mapping: {value}"));
    for name in names {
        assert!(!says_something(fields, name), "{name}: {value}");
    }
}

fn assert_contained(object: &Value) {
    assert_silent(&object["metadata"], &["ownerReferences", "finalizers", "generateName"]);
    assert_eq!(object["metadata"]["namespace"], "user-alice");
    assert_eq!(object["metadata"]["labels"]["roost.dev/tenant"], "u1");
    if object["kind"] == "Service" {
        assert_silent(&object["spec"], &["externalIPs", "externalName"]);
        assert!(matches!(object["spec"]["type"].as_str(), None | Some("ClusterIP")), "{object}");
        assert!(object["spec"]["selector"].as_object().unwrap().len() > 1, "{object}");
        object["spec"]["ports"].as_array().unwrap().iter().for_each(|port| assert_silent(port, &["nodePort"]));
    }
    let claims = object.pointer("/spec/volumeClaimTemplates").and_then(Value::as_array).into_iter().flatten();
    claims.for_each(|claim| assert_silent(&claim["spec"], &["volumeName", "selector", "dataSource"]));
    let templates = ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec"];
    templates.iter().filter_map(|path| object.pointer(path)).for_each(assert_pod_contained);
}

fn assert_pod_contained(pod: &Value) {
    let reaching = ["hostNetwork", "hostPID", "hostIPC", "nodeName", "nodeSelector", "tolerations", "runtimeClassName"];
    assert_silent(pod, &reaching);
    assert_silent(pod, &["priorityClassName", "shareProcessNamespace", "automountServiceAccountToken"]);
    assert!(["serviceAccountName", "serviceAccount"].iter().all(|name| pod[name] != "tenant"), "{pod}");
    assert_eq!(pod["imagePullSecrets"], json!([{ "name": "roost-registry" }]));
    assert!(pod["terminationGracePeriodSeconds"].as_i64().unwrap_or(0) <= 300, "{pod}");
    let context = &pod["securityContext"];
    assert_eq!(
        (&context["runAsNonRoot"], &context["seccompProfile"]["type"]),
        (&json!(true), &json!("RuntimeDefault"))
    );
    assert_silent(context, &["sysctls"]);
    assert_ne!(context["runAsUser"], 0);
    let volumes = pod["volumes"].as_array().into_iter().flatten();
    volumes.for_each(|volume| assert!(volume.get("hostPath").or(volume.get("csi")).is_none(), "{volume}"));
    let first = pod["initContainers"].as_array().into_iter().flatten();
    first.chain(pod["containers"].as_array().unwrap()).for_each(assert_container_contained);
}

fn assert_container_contained(container: &Value) {
    let context = &container["securityContext"];
    assert_silent(context, &["privileged", "allowPrivilegeEscalation"]);
    assert_eq!(context["capabilities"]["drop"], json!(["ALL"]));
    assert_eq!(context["capabilities"].get("add"), None);
    assert!(context["runAsUser"] != 0 && context["runAsNonRoot"] != false, "{context}");
    assert!(matches!(context["seccompProfile"]["type"].as_str(), None | Some("RuntimeDefault")), "{context}");
    let ports = container["ports"].as_array().into_iter().flatten();
    ports.for_each(|port| assert_silent(port, &["hostPort"]));
    let (image, policy) = (container["image"].as_str().unwrap(), &container["imagePullPolicy"]);
    assert!(!image.contains("/bob/") && image != "api", "{image}");
    assert!(policy == "Always" || policy == "IfNotPresent" && image.contains("@sha256:"), "{image} {policy}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    #[test]
    fn whatever_is_accepted_stays_in_its_namespace(
        object in select(objects()),
        changes in prop::collection::vec((any::<Index>(), fields()), 0..3),
    ) {
        let mut object = object;
        for (place, (name, field)) in changes {
            insert(&mut object, place, name, field);
        }
        let list = json!({ "apiVersion": "v1", "kind": "List", "items": [object, objects()[1]] });
        let list = if object["kind"] == "Deployment" { object } else { list };
        if let Ok(checked) = check_text(&list.to_string(), &["api"], &[]) {
            rendered(&checked, &["api"]).iter().for_each(assert_contained);
        }
    }
}
