//! What people really write is accepted, and rendered so that the cluster runs it.

use serde_json::{Value, json};

use super::{check_text, rendered, rendering};
use crate::manifest::{CheckedObjects, RenderingError, render};

const SHOP: &str = include_str!("shop.yaml");
const COMPONENTS: &[&str] = &["frontend", "backend", "api-gateway"];
const ROUTING: &[(&str, &str)] = &[("frontend", "/"), ("backend", "/api/*"), ("api-gateway", "/gateway/*")];

fn shop() -> CheckedObjects {
    check_text(SHOP, COMPONENTS, ROUTING).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn object<'a>(objects: &'a [Value], kind: &str, name: &str) -> &'a Value {
    objects.iter().find(|object| object["kind"] == kind && object["metadata"]["name"] == name).unwrap()
}

#[test]
fn a_shop_of_three_components_is_accepted_with_its_routes() {
    let checked = shop();
    let routes: Vec<_> =
        checked.routes.iter().map(|route| (route.path.as_str(), &*route.service, route.port)).collect();
    assert_eq!(routes, [("/gateway", "api-gateway", 8000), ("/api", "backend", 8080), ("/", "frontend", 80)]);
    let stored = serde_json::to_string(&checked).unwrap();
    assert_eq!(serde_json::from_str::<CheckedObjects>(&stored).unwrap(), checked);
}

#[test]
fn what_others_need_is_applied_first_whatever_the_order_in_the_files() {
    let checked = shop();
    let objects = rendered(&checked, COMPONENTS);
    let order: Vec<_> = objects
        .iter()
        .map(|object| format!("{}/{}", object["kind"].as_str().unwrap(), object["metadata"]["name"].as_str().unwrap()))
        .collect();
    let expected = [
        "ConfigMap/backend",
        "Secret/database",
        "PersistentVolumeClaim/uploads",
        "Service/api-gateway",
        "Service/backend",
        "Service/database",
        "Service/frontend",
        "Deployment/api-gateway",
        "Deployment/backend",
        "Deployment/frontend",
        "StatefulSet/database",
        "CronJob/cleanup",
        "Job/seed-r7",
        "HorizontalPodAutoscaler/backend",
        "PodDisruptionBudget/backend",
    ];
    assert_eq!(order, expected);
    let reversed = CheckedObjects { objects: checked.objects.iter().rev().cloned().collect(), ..checked };
    assert_eq!(rendered(&reversed, COMPONENTS), objects);
}

#[test]
fn every_object_says_whose_it_is_and_pods_do_not_change_with_the_release() {
    let checked = shop();
    let objects = rendered(&checked, COMPONENTS);
    for object in &objects {
        assert_eq!(object["metadata"]["namespace"], "user-alice");
        let labels = &object["metadata"]["labels"];
        assert_eq!(labels["app.kubernetes.io/managed-by"], "roost");
        assert_eq!(labels["roost.dev/tenant"], "u1");
        assert_eq!(labels["roost.dev/project"], "shop");
        assert_eq!(labels["roost.dev/release"], "r7");
        assert_eq!(object.get("status"), None);
    }
    let next = render(&checked, &crate::manifest::Rendering { release: 8, ..rendering(COMPONENTS) }).unwrap();
    assert_eq!(object(&objects, "Deployment", "backend")["spec"], object(&next, "Deployment", "backend")["spec"]);
    assert_eq!(object(&objects, "ConfigMap", "backend")["metadata"]["labels"]["app.kubernetes.io/name"], "backend");
}

#[test]
fn services_and_workloads_select_pods_of_their_own_project_only() {
    let objects = rendered(&shop(), COMPONENTS);
    let own = json!({ "app": "backend", "roost.dev/project": "shop" });
    assert_eq!(object(&objects, "Service", "backend")["spec"]["selector"], own);
    for kind in ["Deployment", "PodDisruptionBudget"] {
        assert_eq!(object(&objects, kind, "backend")["spec"]["selector"]["matchLabels"], own, "{kind}");
    }
    let labels = &object(&objects, "Deployment", "backend")["spec"]["template"]["metadata"]["labels"];
    assert_eq!((&labels["roost.dev/project"], &labels["app"]), (&json!("shop"), &json!("backend")));
    assert_eq!(labels.get("roost.dev/release"), None);
}

#[test]
fn pods_are_confined_and_keep_what_the_user_chose() {
    let objects = rendered(&shop(), COMPONENTS);
    let pod = &object(&objects, "Deployment", "backend")["spec"]["template"]["spec"];
    assert_eq!(pod["automountServiceAccountToken"], false);
    assert_eq!(pod["enableServiceLinks"], false);
    assert_eq!(pod["imagePullSecrets"], json!([{ "name": "roost-registry" }]));
    assert_eq!(
        pod["securityContext"],
        json!({
            "runAsUser": 10001, "runAsGroup": 10001, "runAsNonRoot": true,
            "seccompProfile": { "type": "RuntimeDefault" }
        })
    );
    assert_eq!(
        pod["containers"][0]["securityContext"],
        json!({
            "readOnlyRootFilesystem": true, "allowPrivilegeEscalation": false,
            "capabilities": { "drop": ["ALL"], "add": ["NET_BIND_SERVICE"] },
            "seccompProfile": { "type": "RuntimeDefault" }
        })
    );
    let database = &object(&objects, "StatefulSet", "database")["spec"]["template"]["spec"]["securityContext"];
    assert_eq!((&database["fsGroup"], &database["runAsUser"]), (&json!(1000), &json!(999)));
    let cleanup = object(&objects, "CronJob", "cleanup").pointer("/spec/jobTemplate/spec/template/spec").unwrap();
    assert_eq!(cleanup["securityContext"]["fsGroup"], 1000);
}

#[test]
fn components_are_run_by_digest_and_other_images_are_always_asked_for() {
    let objects = rendered(&shop(), COMPONENTS);
    let pod = &object(&objects, "Deployment", "backend")["spec"]["template"]["spec"];
    let own = &pod["containers"][0];
    assert!(own["image"].as_str().unwrap().contains("/shop/backend@sha256:"), "{own}");
    assert_eq!(own["image"], pod["initContainers"][0]["image"]);
    assert_eq!(own["imagePullPolicy"], "IfNotPresent");
    let proxy = &pod["initContainers"][1];
    assert_eq!((&proxy["image"], &proxy["imagePullPolicy"]), (&json!("envoyproxy/envoy:v1.31.0"), &json!("Always")));
    let seed = object(&objects, "Job", "seed-r7").pointer("/spec/template/spec/containers/0/imagePullPolicy").unwrap();
    assert_eq!(seed, "IfNotPresent");
}

#[test]
fn no_component_is_taken_for_a_public_image() {
    let component = crate::naming::ComponentName::parse("api-gateway").unwrap();
    let missing = render(&shop(), &rendering(&["frontend", "backend"]));
    assert_eq!(missing, Err(RenderingError::ImageMissing(component)));
}

#[test]
fn nulls_are_as_good_as_nothing() {
    let text = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: null, annotations: null, namespace: null}
spec:
  replicas: null
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {securityContext: null, volumes: null, initContainers: null, hostNetwork: null,
      containers: [{name: a, image: nginx, securityContext: null, imagePullPolicy: null, env: null}]}
";
    let checked = check_text(text, &[], &[]).unwrap_or_else(|findings| panic!("{findings:#?}"));
    let pod = &rendered(&checked, &[])[0]["spec"]["template"]["spec"];
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    assert_eq!(pod["containers"][0]["securityContext"]["capabilities"]["drop"], json!(["ALL"]));
    assert_eq!(pod["containers"][0]["imagePullPolicy"], "Always");
}
