//! Objects that are refused, each for one reason.

use super::{FILE, check_text, codes};

const POD: &str = "{metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: nginx}]}}";

/// What it is, an object, and the code. `POD` stands for a template of pods that keeps all rules.
const REFUSED: &[(&str, &str, &str)] = &[
    ("no object", "{a: 1}", "kind-missing"),
    ("a list without kind", "[1, 2]", "kind-missing"),
    ("a kind that is a number", "{apiVersion: v1, kind: 7}", "kind-missing"),
    ("a Namespace", "{apiVersion: v1, kind: Namespace, metadata: {name: a}}", "kind-not-allowed"),
    ("a Role", "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: a}}", "kind-not-allowed"),
    (
        "a RoleBinding",
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: a}}",
        "kind-not-allowed",
    ),
    (
        "a ClusterRole",
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: a}}",
        "kind-not-allowed",
    ),
    (
        "a ClusterRoleBinding",
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: a}}",
        "kind-not-allowed",
    ),
    ("a ServiceAccount", "{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}}", "kind-not-allowed"),
    ("a PersistentVolume", "{apiVersion: v1, kind: PersistentVolume, metadata: {name: a}}", "kind-not-allowed"),
    ("a StorageClass", "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: a}}", "kind-not-allowed"),
    (
        "a kind of its own",
        "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: a}}",
        "kind-not-allowed",
    ),
    (
        "a webhook",
        "{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, metadata: {name: a}}",
        "kind-not-allowed",
    ),
    ("an API", "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: a}}", "kind-not-allowed"),
    ("a priority", "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: a}}", "kind-not-allowed"),
    (
        "a NetworkPolicy",
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}}",
        "kind-not-allowed",
    ),
    ("a ResourceQuota", "{apiVersion: v1, kind: ResourceQuota, metadata: {name: a}}", "kind-not-allowed"),
    ("a LimitRange", "{apiVersion: v1, kind: LimitRange, metadata: {name: a}}", "kind-not-allowed"),
    ("a Node", "{apiVersion: v1, kind: Node, metadata: {name: a}}", "kind-not-allowed"),
    ("a Lease", "{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: a}}", "kind-not-allowed"),
    ("an Event", "{apiVersion: v1, kind: Event, metadata: {name: a}}", "kind-not-allowed"),
    ("a bare Pod", "{apiVersion: v1, kind: Pod, metadata: {name: a}}", "kind-not-allowed"),
    ("a bare ReplicaSet", "{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: a}}", "kind-not-allowed"),
    ("a DaemonSet", "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: a}}", "kind-not-allowed"),
    ("a kind in small letters", "{apiVersion: v1, kind: configmap, metadata: {name: a}}", "kind-not-allowed"),
    ("an old version", "{apiVersion: extensions/v1beta1, kind: Deployment, metadata: {name: a}}", "api-version"),
    ("a namesake", "{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: a}}", "api-version"),
    (
        "a list in a list",
        "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: List, items: []}]}",
        "list-nested",
    ),
    (
        "a forbidden kind in a list",
        "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Namespace, metadata: {name: a}}]}",
        "kind-not-allowed",
    ),
    ("a list that is none", "{apiVersion: v1, kind: List, items: {a: 1}}", "wrong-type"),
    (
        "another namespace",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: kube-system}}",
        "namespace",
    ),
    (
        "an owner",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, ownerReferences: [{kind: Node, name: a, uid: b}]}}",
        "owner-references",
    ),
    (
        "a finalizer",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, finalizers: [example.com/never]}}",
        "finalizers",
    ),
    (
        "a name to be made up",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, generateName: a-}}",
        "generated-name",
    ),
    (
        "records of writers",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, managedFields: [{manager: roost}]}}",
        "metadata-of-the-server",
    ),
    ("an identity", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, uid: abc}}", "metadata-of-the-server"),
    (
        "a version",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, resourceVersion: '7'}}",
        "metadata-of-the-server",
    ),
    ("metadata that is a text", "{apiVersion: v1, kind: ConfigMap, metadata: a}", "wrong-type name-invalid"),
    ("labels that are a list", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: [a]}}", "wrong-type"),
    ("no name", "{apiVersion: v1, kind: ConfigMap, metadata: {labels: {a: b}}}", "name-invalid"),
    ("a name that is a path", "{apiVersion: v1, kind: ConfigMap, metadata: {name: ../a}}", "name-invalid"),
    ("capitals in a name", "{apiVersion: v1, kind: ConfigMap, metadata: {name: App}}", "name-invalid"),
    ("the owner's account's name", "{apiVersion: v1, kind: Secret, metadata: {name: tenant}}", "name-of-the-platform"),
    ("the pull secret", "{apiVersion: v1, kind: Secret, metadata: {name: roost-registry}}", "name-of-the-platform"),
    ("a credential", "{apiVersion: v1, kind: Secret, metadata: {name: roost-credential-x}}", "name-of-the-platform"),
    (
        "the cluster's certificates",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: kube-root-ca.crt}}",
        "name-of-the-platform",
    ),
    (
        "a token that never expires",
        "{apiVersion: v1, kind: Secret, metadata: {name: a}, type: kubernetes.io/service-account-token}",
        "secret-type",
    ),
    (
        "credentials of a registry",
        "{apiVersion: v1, kind: Secret, metadata: {name: a}, type: kubernetes.io/dockerconfigjson}",
        "secret-type",
    ),
    (
        "a certificate for a gateway",
        "{apiVersion: v1, kind: Secret, metadata: {name: a}, type: kubernetes.io/tls}",
        "secret-type",
    ),
    ("a field too many", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, spec: {a: 1}}", "unknown-field"),
    (
        "a volume by name",
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {volumeName: pv-1}}",
        "existing-volume",
    ),
    (
        "a volume by label",
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {selector: {matchLabels: {a: b}}}}",
        "existing-volume",
    ),
    (
        "any volume without a class",
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {storageClassName: ''}}",
        "existing-volume",
    ),
    (
        "a copy of a volume",
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {dataSource: {name: b}}}",
        "volume-source",
    ),
    (
        "a copy from another namespace",
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, \
         spec: {dataSourceRef: {name: b, namespace: user-bob}}}",
        "volume-source",
    ),
    (
        "a device",
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}, spec: {volumeMode: Block}}",
        "devices",
    ),
    ("a claim of nothing", "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a}}", "spec-missing"),
    (
        "a volume by a template",
        "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: a}, spec: {selector: {matchLabels: {app: a}}, \
         template: POD, volumeClaimTemplates: [{metadata: {name: d}, spec: {volumeName: pv-1}}]}}",
        "existing-volume",
    ),
    (
        "too many replicas",
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, \
         spec: {replicas: 21, selector: {matchLabels: {app: a}}, template: POD}}",
        "too-many-replicas",
    ),
    (
        "as many replicas as a text can say",
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, \
         spec: {replicas: '3', selector: {matchLabels: {app: a}}, template: POD}}",
        "too-many-replicas",
    ),
    (
        "a Deployment that stands still",
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, \
         spec: {paused: true, selector: {matchLabels: {app: a}}, template: POD}}",
        "paused",
    ),
    (
        "no selector",
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: POD}}",
        "selector-missing",
    ),
    (
        "a selector of everything",
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {selector: {}, template: POD}}",
        "selector-missing",
    ),
    (
        "a selector that is a text",
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {selector: a, template: POD}}",
        "wrong-type",
    ),
    (
        "no template",
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {selector: {matchLabels: {app: a}}}}",
        "template-missing",
    ),
    (
        "no containers",
        "{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {template: {spec: {containers: []}}}}",
        "containers-missing",
    ),
    (
        "many pods at a time",
        "{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {parallelism: 500, template: POD}}",
        "too-many-replicas",
    ),
    (
        "the pods of others as a Job's",
        "{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {manualSelector: true, template: POD}}",
        "job-selector",
    ),
    (
        "a Job for nobody",
        "{apiVersion: batch/v1, kind: Job, metadata: {name: a}, spec: {managedBy: example.com/x, template: POD}}",
        "job-controller",
    ),
    (
        "a label on the pods of a CronJob",
        "{apiVersion: batch/v1, kind: CronJob, metadata: {name: a}, spec: {schedule: '@daily', jobTemplate: \
         {metadata: {finalizers: [a/b]}, spec: {template: POD}}}}",
        "finalizers",
    ),
    (
        "an autoscaler of an old version",
        "{apiVersion: autoscaling/v1, kind: HorizontalPodAutoscaler, metadata: {name: a}}",
        "api-version",
    ),
    (
        "an autoscaler for what is not there",
        "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: a}, \
         spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: other}}}",
        "scale-target",
    ),
    (
        "a budget for all pods of the namespace",
        "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}, spec: {selector: {}, minAvailable: 1}}",
        "selector-missing",
    ),
    (
        "an object exported",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, status: {phase: x}}",
        "unknown-field",
    ),
];

#[test]
fn objects_are_refused_with_their_code() {
    for (what, object, code) in REFUSED {
        let expected: Vec<&str> = code.split(' ').collect();
        assert_eq!(codes(&object.replace("POD", POD)), expected, "{what}: {object}");
    }
}

#[test]
fn everything_wrong_is_reported_together_with_its_place_and_remedy() {
    let text =
        "apiVersion: v1\nkind: Namespace\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  uid: b\ntype: c\n";
    let findings = check_text(text, &["api"], &[("web", "/")]).unwrap_err();
    let places: Vec<_> =
        findings.iter().map(|finding| (&*finding.code, finding.file.as_deref(), finding.line)).collect();
    let expected = [
        ("kind-not-allowed", Some(FILE), Some(2)),
        ("metadata-of-the-server", Some(FILE), Some(8)),
        ("secret-type", Some(FILE), Some(9)),
        ("component-unused", Some("platform-config.yaml"), None),
        ("routing-unknown-service", Some("platform-config.yaml"), Some(10)),
    ];
    assert_eq!(places, expected);
    assert!(findings.iter().all(|finding| !finding.remedy.is_empty()));
}

#[test]
fn names_are_used_once_for_each_kind() {
    let text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n---\n{apiVersion: v1, kind: Secret, metadata: {name: a}}\n";
    assert_eq!(codes(text), Vec::<String>::new());
    assert_eq!(codes(&format!("{text}---\n{}", text.lines().next().unwrap())), ["name-twice"]);
}

#[test]
fn no_project_has_more_than_two_hundred_objects() {
    let list = |count: usize| {
        let item = |n| format!("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a{n}}}}}");
        format!("{{apiVersion: v1, kind: List, items: [{}]}}", (0..count).map(item).collect::<Vec<_>>().join(", "))
    };
    assert_eq!(codes(&list(200)), Vec::<String>::new());
    assert_eq!(codes(&list(201)), ["too-many-objects"]);
}

#[test]
fn every_component_is_run_under_its_bare_name() {
    let job = |image: &str| {
        let pod = POD.replace("nginx", image);
        format!("{{apiVersion: batch/v1, kind: Job, metadata: {{name: a}}, spec: {{template: {pod}}}}}")
    };
    let codes = |image: &str| {
        let findings = check_text(&job(image), &["api"], &[]).err().unwrap_or_default();
        findings.into_iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(codes("api"), Vec::<&str>::new());
    assert_eq!(codes("'api:latest'"), ["image-component-tag", "component-unused"]);
    assert_eq!(codes("nginx"), ["component-unused"]);
}
