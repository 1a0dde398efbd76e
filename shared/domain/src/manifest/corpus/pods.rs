//! Fields of pods that are refused, tried in the template of every kind that makes pods.

use super::{codes, indented};

const DEPLOYMENT: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
";

const STATEFUL_SET: &str = "
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
";

const JOB: &str = "
apiVersion: batch/v1
kind: Job
metadata: {name: web}
spec:
  template:
    spec:
      restartPolicy: Never
";

const CRON_JOB: &str = "
apiVersion: batch/v1
kind: CronJob
metadata: {name: web}
spec:
  schedule: '0 4 * * *'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
";

/// Each kind, and the column of its pods' fields.
const KINDS: &[(&str, usize)] = &[(DEPLOYMENT, 6), (STATEFUL_SET, 6), (JOB, 6), (CRON_JOB, 10)];

const CONTAINER: &str = "containers: [{name: web, image: nginx}]";

/// What it is, a field of a pod, and the code.
const OF_PODS: &[(&str, &str, &str)] = &[
    ("the node's network", "hostNetwork: true", "host-namespace"),
    ("the node's processes", "hostPID: true", "host-namespace"),
    ("the node's shared memory", "hostIPC: true", "host-namespace"),
    ("the node's users", "hostUsers: true", "host-namespace"),
    ("a switch that is a text", "hostNetwork: 'true'", "host-namespace"),
    ("one view of all processes", "shareProcessNamespace: true", "shared-processes"),
    ("a node", "nodeName: node-1", "node-choice"),
    ("a kind of node", "nodeSelector: {node-role.kubernetes.io/control-plane: ''}", "node-choice"),
    ("a tainted node", "tolerations: [{operator: Exists}]", "node-choice"),
    (
        "a node by affinity",
        "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}}",
        "node-choice",
    ),
    (
        "the pods of a namespace",
        "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: \
         [{topologyKey: zone, namespaces: [user-bob]}]}}",
        "foreign-namespace",
    ),
    (
        "the pods of all namespaces",
        "affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: \
         [{weight: 1, podAffinityTerm: {topologyKey: zone, namespaceSelector: {}}}]}}",
        "foreign-namespace",
    ),
    ("a scheduler", "schedulerName: mine", "scheduler"),
    ("a gate", "schedulingGates: [{name: wait}]", "scheduler"),
    ("a runtime", "runtimeClassName: runc-privileged", "runtime-class"),
    ("a system priority", "priorityClassName: system-node-critical", "priority"),
    ("a priority by number", "priority: 2000000000", "priority"),
    ("the owner's account", "serviceAccountName: tenant", "service-account"),
    ("the owner's account by the old name", "serviceAccount: tenant", "service-account"),
    ("a token", "automountServiceAccountToken: true", "token-mount"),
    ("somebody's credentials", "imagePullSecrets: [{name: regcred}]", "pull-secrets"),
    ("another resolver", "dnsPolicy: None", "dns"),
    ("the node's resolver", "dnsPolicy: Default", "dns"),
    ("a nameserver", "dnsConfig: {nameservers: [8.8.8.8]}", "dns"),
    ("a domain to search", "dnsConfig: {searches: [roost-system.svc.cluster.local]}", "dns"),
    ("debugging containers", "ephemeralContainers: [{name: x, image: nginx}]", "ephemeral-containers"),
    ("a device", "resourceClaims: [{name: gpu}]", "devices"),
    ("Windows", "os: {name: windows}", "windows"),
    ("an end that takes an hour", "terminationGracePeriodSeconds: 3600", "grace-period"),
    ("a field of tomorrow", "hostSomething: true", "unknown-field"),
    ("a setting of the kernel", "securityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}", "sysctls"),
    ("root", "securityContext: {runAsUser: 0}", "run-as-root"),
    ("leave to be root", "securityContext: {runAsNonRoot: false}", "run-as-root"),
    ("no filter of system calls", "securityContext: {seccompProfile: {type: Unconfined}}", "unconfined"),
    (
        "a filter from the node",
        "securityContext: {seccompProfile: {type: Localhost, localhostProfile: x}}",
        "unconfined",
    ),
    ("no AppArmor", "securityContext: {appArmorProfile: {type: Unconfined}}", "unconfined"),
    ("a label of SELinux", "securityContext: {seLinuxOptions: {type: spc_t}}", "security-labels"),
    ("options of Windows", "securityContext: {windowsOptions: {hostProcess: true}}", "windows"),
    ("a context that is a text", "securityContext: privileged", "wrong-type"),
    ("a folder of the node", "volumes: [{name: x, hostPath: {path: /}}]", "host-path"),
    ("a folder of the node, unsaid", "volumes: [{name: x, hostPath: {}}]", "host-path"),
    ("NFS", "volumes: [{name: x, nfs: {server: 10.0.0.1, path: /}}]", "volume-type"),
    ("iSCSI", "volumes: [{name: x, iscsi: {targetPortal: 10.0.0.1, iqn: x, lun: 0}}]", "volume-type"),
    ("a driver inline", "volumes: [{name: x, csi: {driver: secrets-store.csi.k8s.io}}]", "volume-type"),
    ("a repository", "volumes: [{name: x, gitRepo: {repository: 'https://example.com/x'}}]", "volume-type"),
    ("an image as volume", "volumes: [{name: x, image: {reference: nginx}}]", "volume-type"),
    (
        "a token by projection",
        "volumes: [{name: x, projected: {sources: [{serviceAccountToken: {path: token}}]}}]",
        "token-mount",
    ),
    (
        "certificates of the cluster",
        "volumes: [{name: x, projected: {sources: [{clusterTrustBundle: {path: x, name: x}}]}}]",
        "token-mount",
    ),
    ("the pull secret", "volumes: [{name: x, secret: {secretName: roost-registry}}]", "secret-of-the-platform"),
    (
        "the owner's token by projection",
        "volumes: [{name: x, projected: {sources: [{secret: {name: roost-credential-1}}]}}]",
        "secret-of-the-platform",
    ),
    (
        "a volume of another's",
        "volumes: [{name: x, ephemeral: {volumeClaimTemplate: {spec: {volumeName: pv-1}}}}]",
        "existing-volume",
    ),
    ("volumes that are no list", "volumes: {name: x, hostPath: {path: /}}", "wrong-type"),
    ("initial containers that are no list", "initContainers: {name: x}", "wrong-type"),
];

/// What it is, a field of a container, and the code.
const OF_CONTAINERS: &[(&str, &str, &str)] = &[
    ("all rights", "securityContext: {privileged: true}", "privileged"),
    ("more rights later", "securityContext: {allowPrivilegeEscalation: true}", "privilege-escalation"),
    ("a capability", "securityContext: {capabilities: {add: [SYS_ADMIN]}}", "capabilities"),
    ("all capabilities", "securityContext: {capabilities: {add: [ALL]}}", "capabilities"),
    ("capabilities that are no list", "securityContext: {capabilities: {add: SYS_ADMIN}}", "wrong-type"),
    ("the whole of /proc", "securityContext: {procMount: Unmasked}", "proc-mount"),
    ("root", "securityContext: {runAsUser: 0}", "run-as-root"),
    ("leave to be root", "securityContext: {runAsNonRoot: false}", "run-as-root"),
    ("no filter of system calls", "securityContext: {seccompProfile: {type: Unconfined}}", "unconfined"),
    ("a label of SELinux", "securityContext: {seLinuxOptions: {level: 's0:c1'}}", "security-labels"),
    ("a field of tomorrow", "securityContext: {escapeToHost: true}", "unknown-field"),
    ("a port of the node", "ports: [{containerPort: 80, hostPort: 80}]", "host-port"),
    ("an address of the node", "ports: [{containerPort: 80, hostIP: 0.0.0.0}]", "host-port"),
    ("a device", "volumeDevices: [{name: x, devicePath: /dev/sda}]", "devices"),
    ("what a node has", "imagePullPolicy: Never", "pull-policy"),
    (
        "the metadata service, by a probe",
        "livenessProbe: {httpGet: {host: 169.254.169.254, port: 80, path: /}}",
        "probe-host",
    ),
    ("a neighbour, by a probe", "readinessProbe: {tcpSocket: {host: 10.0.0.1, port: 22}}", "probe-host"),
    ("a neighbour, by a start probe", "startupProbe: {httpGet: {host: localhost, port: 10250}}", "probe-host"),
    ("a neighbour, by a hook", "lifecycle: {postStart: {httpGet: {host: 10.0.0.1, port: 80}}}", "probe-host"),
    ("a neighbour, by a last hook", "lifecycle: {preStop: {tcpSocket: {host: 10.0.0.1, port: 80}}}", "probe-host"),
    (
        "the owner's token, by a variable",
        "env: [{name: X, valueFrom: {secretKeyRef: {name: roost-credential-1, key: token}}}]",
        "secret-of-the-platform",
    ),
    ("the pull secret, by variables", "envFrom: [{secretRef: {name: roost-registry}}]", "secret-of-the-platform"),
    ("a field of tomorrow", "hostThing: true", "unknown-field"),
];

/// What it is, an image, and the code.
const IMAGES: &[(&str, &str, &str)] = &[
    (
        "an image of another tenant",
        "registry.roost-system.svc:5000/bob---aaaaaaaaaa/shop/api:r1",
        "image-platform-registry",
    ),
    ("the same by its whole name", "registry.roost-system.svc.cluster.local:5000/bob/api", "image-platform-registry"),
    ("the same without a port", "registry.roost-system.svc/bob/api", "image-platform-registry"),
    ("the same through Docker Hub", "docker.io/registry.roost-system.svc/bob/api", "image-platform-registry"),
    ("a registry by address", "10.96.0.10:5000/bob/api", "image-private-host"),
    ("a registry on the node", "localhost:5000/bob/api", "image-private-host"),
    ("a template nobody filled in", "'${IMAGE}'", "image-malformed"),
    ("an address", "https://ghcr.io/owner/app", "image-malformed"),
    ("nothing", "''", "image-missing"),
];

fn assert_codes(kind: &str, column: usize, what: &str, pod: &str, code: &str) {
    assert_eq!(codes(&format!("{kind}{}", indented(pod, column))), [code], "{what}: {pod}");
}

#[test]
fn every_template_without_them_is_accepted() {
    for (kind, column) in KINDS {
        assert_eq!(codes(&format!("{kind}{}", indented(CONTAINER, *column))), Vec::<String>::new());
    }
}

#[test]
fn fields_of_pods_are_refused_with_their_code_in_every_template() {
    for (what, field, code) in OF_PODS {
        for (kind, column) in KINDS {
            assert_codes(kind, *column, what, &format!("{CONTAINER}\n{field}"), code);
        }
    }
}

#[test]
fn fields_of_containers_are_refused_with_their_code_in_every_template_first_or_not() {
    for (what, field, code) in OF_CONTAINERS {
        let container = format!("- name: x\n  image: nginx\n  {field}");
        for (kind, column) in KINDS {
            assert_codes(kind, *column, what, &format!("containers:\n{container}"), code);
            assert_codes(kind, *column, what, &format!("{CONTAINER}\ninitContainers:\n{container}"), code);
        }
    }
}

#[test]
fn images_that_not_everybody_could_pull_are_refused_in_every_template() {
    for (what, image, code) in IMAGES {
        for (kind, column) in KINDS {
            assert_codes(kind, *column, what, &format!("containers:\n- name: x\n  image: {image}"), code);
        }
    }
}
