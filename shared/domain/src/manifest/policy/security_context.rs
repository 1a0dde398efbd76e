//! The security contexts of pods and containers: what the Pod Security level "restricted" allows, and no more
//! (<https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted>).

use serde_json::Value;

use super::fields::{Fields, only, unknown};
use crate::artifact::Findings;
use crate::manifest::node::{Node, Rule};

const SELINUX: Rule = Rule {
    code: "security-labels",
    reason: "sets labels of the node's security module",
    remedy: "Remove it; the container runtime sets them.",
};

const WINDOWS: Rule = Rule { code: "windows", reason: "is for Windows", remedy: "Remove it; all nodes run Linux." };

const POD: Fields = Fields {
    allowed: &[
        "runAsUser",
        "runAsGroup",
        "runAsNonRoot",
        "fsGroup",
        "fsGroupChangePolicy",
        "supplementalGroups",
        "supplementalGroupsPolicy",
        "seccompProfile",
        "appArmorProfile",
    ],
    refused: &[
        (
            "sysctls",
            Rule {
                code: "sysctls",
                reason: "changes settings of the kernel",
                remedy: "Remove it; ports below 1024 need none.",
            },
        ),
        ("seLinuxOptions", SELINUX),
        ("seLinuxChangePolicy", SELINUX),
        ("windowsOptions", WINDOWS),
    ],
    otherwise: unknown("is not a field of a pod's security context that is allowed"),
    even_empty: false,
};

const CONTAINER: Fields = Fields {
    allowed: &[
        "runAsUser",
        "runAsGroup",
        "runAsNonRoot",
        "readOnlyRootFilesystem",
        "capabilities",
        "procMount",
        "seccompProfile",
        "appArmorProfile",
    ],
    refused: &[
        (
            "privileged",
            Rule {
                code: "privileged",
                reason: "gives the container the rights of the node",
                remedy: "Remove it; run the app as an ordinary user.",
            },
        ),
        (
            "allowPrivilegeEscalation",
            Rule {
                code: "privilege-escalation",
                reason: "lets processes gain rights",
                remedy: "Remove it, or write `false`.",
            },
        ),
        ("seLinuxOptions", SELINUX),
        ("windowsOptions", WINDOWS),
    ],
    otherwise: unknown("is not a field of a container's security context that is allowed"),
    even_empty: false,
};

const CAPABILITY_SETS: Fields = Fields {
    allowed: &["add", "drop"],
    refused: &[],
    otherwise: unknown("is not a field of capabilities"),
    even_empty: false,
};

const ROOT: Rule = Rule {
    code: "run-as-root",
    reason: "runs the app as root",
    remedy: "Remove it, and name an ordinary user by its number in the Dockerfile: `USER 1000`.",
};

const UNCONFINED: Rule = Rule {
    code: "unconfined",
    reason: "lifts the confinement of containers, or replaces it by a file of the node",
    remedy: "Write `type: RuntimeDefault`, or remove it.",
};

const CAPABILITIES: Rule = Rule {
    code: "capabilities",
    reason: "adds a capability of root",
    remedy: "Remove it; only NET_BIND_SERVICE can be added.",
};

const PROC_MOUNT: Rule =
    Rule { code: "proc-mount", reason: "uncovers files of the kernel", remedy: "Remove it, or write `Default`." };

/// Checks the context of a whole pod.
pub(super) fn check_pod(pod: &Node, findings: &mut Findings) {
    let Some(context) = pod.field("securityContext") else { return };
    POD.check(&context, findings);
    check_user_and_profiles(&context, findings);
}

/// Checks the context of one container.
pub(super) fn check_container(container: &Node, findings: &mut Findings) {
    let Some(context) = container.field("securityContext") else { return };
    CONTAINER.check(&context, findings);
    check_user_and_profiles(&context, findings);
    only(&context, "procMount", &["Default"], &PROC_MOUNT, findings);
    let Some(capabilities) = context.field("capabilities") else { return };
    CAPABILITY_SETS.check(&capabilities, findings);
    let added = capabilities.items("add", findings);
    let forbidden = added.iter().filter(|added| added.value().as_str() != Some("NET_BIND_SERVICE"));
    forbidden.for_each(|added| findings.push(added.refuse(&CAPABILITIES)));
}

fn check_user_and_profiles(context: &Node, findings: &mut Findings) {
    let user = context.field("runAsUser").filter(|user| !user.is_set());
    let non_root = context.field("runAsNonRoot").filter(|non_root| non_root.value() != &Value::Bool(true));
    user.into_iter().chain(non_root).for_each(|root| findings.push(root.refuse(&ROOT)));
    for profile in ["seccompProfile", "appArmorProfile"] {
        if let Some(profile) = context.field(profile) {
            only(&profile, "type", &["RuntimeDefault"], &UNCONFINED, findings);
        }
    }
}
