//! The specification of pods: nothing in it may reach the node, another namespace, or the platform.

use super::fields::{Fields, at_most, only, unknown};
use super::{affinity, container, security_context, volume};
use crate::artifact::Findings;
use crate::manifest::node::{Node, Rule};

/// Longer, and taking a release away would outlast the work of everybody who waits for it.
const LONGEST_GRACE_SECONDS: i64 = 300;

const HOST_NAMESPACES: Rule = Rule {
    code: "host-namespace",
    reason: "lets the pod into a namespace of the node",
    remedy: "Remove it; containers are reached by a Service, and see themselves only.",
};

pub(super) const NODE_CHOICE: Rule = Rule {
    code: "node-choice",
    reason: "chooses the node, or a kind of node",
    remedy: "Remove it; nodes are shared, and the scheduler finds one with room.",
};

const PRIORITY: Rule = Rule {
    code: "priority",
    reason: "puts the pod before those of others",
    remedy: "Remove it; a plan's quota is what can be relied on.",
};

const SERVICE_ACCOUNT: Rule = Rule {
    code: "service-account",
    reason: "names an account of the cluster",
    remedy: "Remove it; apps run without access to Kubernetes.",
};

const DNS: Rule = Rule {
    code: "dns",
    reason: "changes where names are resolved; no other resolver can be reached",
    remedy: "Leave `dnsPolicy` out or write `ClusterFirst`, and keep `options` alone in `dnsConfig`.",
};

const POD: Fields = Fields {
    allowed: &[
        "containers",
        "initContainers",
        "volumes",
        "restartPolicy",
        "terminationGracePeriodSeconds",
        "activeDeadlineSeconds",
        "affinity",
        "topologySpreadConstraints",
        "securityContext",
        "serviceAccountName",
        "serviceAccount",
        "enableServiceLinks",
        "dnsPolicy",
        "dnsConfig",
        "hostAliases",
        "hostname",
        "subdomain",
        "setHostnameAsFQDN",
        "readinessGates",
        "resources",
        "os",
    ],
    refused: &[
        ("hostNetwork", HOST_NAMESPACES),
        ("hostPID", HOST_NAMESPACES),
        ("hostIPC", HOST_NAMESPACES),
        ("hostUsers", HOST_NAMESPACES),
        (
            "shareProcessNamespace",
            Rule {
                code: "shared-processes",
                reason: "lets containers see one another's processes and files",
                remedy: "Remove it; let the containers talk over localhost, or share an emptyDir.",
            },
        ),
        ("nodeName", NODE_CHOICE),
        ("nodeSelector", NODE_CHOICE),
        ("tolerations", NODE_CHOICE),
        (
            "schedulerName",
            Rule { code: "scheduler", reason: "chooses the scheduler", remedy: "Remove it; there is one." },
        ),
        (
            "schedulingGates",
            Rule {
                code: "scheduler",
                reason: "keeps the pod from being scheduled",
                remedy: "Remove it; nothing in the cluster would lift it.",
            },
        ),
        (
            "runtimeClassName",
            Rule {
                code: "runtime-class",
                reason: "chooses the container runtime",
                remedy: "Remove it; the platform chooses the runtime.",
            },
        ),
        ("priorityClassName", PRIORITY),
        ("priority", PRIORITY),
        ("preemptionPolicy", PRIORITY),
        (
            "automountServiceAccountToken",
            Rule {
                code: "token-mount",
                reason: "gives the app a token for Kubernetes",
                remedy: "Remove it; apps run without access to Kubernetes.",
            },
        ),
        (
            "imagePullSecrets",
            Rule {
                code: "pull-secrets",
                reason: "names credentials for a registry",
                remedy: "Remove it; the platform sets its own. Build private images as components instead.",
            },
        ),
        (
            "ephemeralContainers",
            Rule {
                code: "ephemeral-containers",
                reason: "cannot be part of a template",
                remedy: "Remove it; use `kubectl exec` to look into a container.",
            },
        ),
        (
            "resourceClaims",
            Rule {
                code: "devices",
                reason: "asks for devices of the node",
                remedy: "Remove it; there are no devices to be had.",
            },
        ),
    ],
    otherwise: unknown("is not a field of a pod that is allowed"),
    even_empty: false,
};

const GRACE: Rule = Rule {
    code: "grace-period",
    reason: "is not a number of at most 300 seconds",
    remedy: "Write 300 or less; the app is asked to end by SIGTERM.",
};

const WINDOWS: Rule = Rule {
    code: "windows",
    reason: "asks for another operating system than Linux",
    remedy: "Remove it; all nodes run Linux.",
};

const NO_CONTAINERS: Rule = Rule {
    code: "containers-missing",
    reason: "has no containers",
    remedy: "Write `containers`, each with `name` and `image`.",
};

/// Checks the `spec` of a template of pods.
pub(super) fn check(pod: &Node, findings: &mut Findings) {
    POD.check(pod, findings);
    only(pod, "serviceAccountName", &["", "default"], &SERVICE_ACCOUNT, findings);
    only(pod, "serviceAccount", &["", "default"], &SERVICE_ACCOUNT, findings);
    only(pod, "dnsPolicy", &["", "ClusterFirst"], &DNS, findings);
    at_most(pod, "terminationGracePeriodSeconds", LONGEST_GRACE_SECONDS, &GRACE, findings);
    if let Some(system) = pod.field("os") {
        only(&system, "name", &["linux"], &WINDOWS, findings);
    }
    check_name_resolution(pod, findings);
    affinity::check(pod, findings);
    security_context::check_pod(pod, findings);
    volume::check(pod, findings);
    if pod.field("containers").is_none_or(|containers| !containers.is_set()) {
        findings.push(pod.refuse(&NO_CONTAINERS));
    }
    for container in containers(pod, findings) {
        container::check(&container, findings);
    }
}

/// All containers of a pod, those that run first included.
pub(in crate::manifest) fn containers<'a>(pod: &Node<'a>, findings: &mut Findings) -> Vec<Node<'a>> {
    let mut all = pod.items("initContainers", findings);
    all.extend(pod.items("containers", findings));
    all
}

fn check_name_resolution(pod: &Node, findings: &mut Findings) {
    let Some(configuration) = pod.field("dnsConfig") else { return };
    for (name, field) in configuration.entries(findings) {
        if name != "options" && field.is_set() {
            findings.push(field.refuse(&DNS));
        }
    }
}
