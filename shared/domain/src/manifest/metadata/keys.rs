//! Keys of labels and annotations: those that software in clusters acts on are not the users'.

use crate::artifact::Findings;
use crate::label::{KEEP_AWAKE, MANAGED_BY};
use crate::manifest::node::{Node, Rule};

const PLATFORMS: Rule = Rule {
    code: "key-of-the-platform",
    reason: "is a label that Roost sets",
    remedy: "Remove it; Roost sets it on every object.",
};

const CONTROL: Rule = Rule {
    code: "key-of-the-cluster",
    reason: "steers software of the cluster",
    remedy: "Remove it. Labels and annotations of your own need no prefix, or a domain of your own as prefix.",
};

/// By these Roost recognises what it has applied.
const PLATFORM_DOMAIN: &str = "roost.dev";

/// Labels under a guarded domain that only describe
/// (<https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/>).
const DESCRIPTIVE: &[&str] = &[
    "app.kubernetes.io/name",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/version",
    "app.kubernetes.io/component",
    "app.kubernetes.io/part-of",
    "kubernetes.io/description",
    "kubernetes.io/change-cause",
    "kubectl.kubernetes.io/default-container",
    "kubectl.kubernetes.io/restartedAt",
];

/// Domains of Kubernetes itself, of gateways, load balancers, networks, service meshes, certificates and clouds.
const GUARDED_DOMAINS: &[&str] = &[
    "amazonaws.com",
    "aquasec.com",
    "azure.com",
    "cert-manager.io",
    "cilium.io",
    "cncf.io",
    "containo.us",
    "google.com",
    "haproxy.org",
    "istio.io",
    "k8s.io",
    "karpenter.sh",
    "konghq.com",
    "kubernetes.io",
    "linkerd.io",
    "nginx.com",
    "nginx.org",
    "openshift.io",
    "projectcalico.org",
    "traefik.io",
    "x-k8s.io",
];

/// Keys without a domain that container runtimes and controllers act on.
const GUARDED_NAMES: &[&str] =
    &["io.kubernetes.", "io.katacontainers.", "pod-template-hash", "controller-revision-hash"];

/// Checks the keys of labels, of annotations, or of a selector by labels.
pub(in crate::manifest) fn check(mapping: &Node, findings: &mut Findings) {
    for (key, value) in mapping.entries(findings) {
        if let Some(rule) = broken(key) {
            findings.push(value.refuse(rule));
        }
    }
}

/// Checks the key of one expression of a selector.
pub(in crate::manifest) fn check_expression(expression: &Node, findings: &mut Findings) {
    if let Some(rule) = expression.text("key").and_then(broken) {
        findings.push(expression.refuse(rule));
    }
}

fn broken(key: &str) -> Option<&'static Rule> {
    let key = key.to_ascii_lowercase();
    if key == KEEP_AWAKE {
        return None;
    }
    let domain = key.split_once('/').map(|(domain, _)| domain);
    if key == MANAGED_BY || domain.is_some_and(|domain| is_within(domain, PLATFORM_DOMAIN)) {
        return Some(&PLATFORMS);
    }
    let guarded = domain.is_some_and(|domain| GUARDED_DOMAINS.iter().any(|guarded| is_within(domain, guarded)))
        || GUARDED_NAMES.iter().any(|name| key.starts_with(name));
    let descriptive = DESCRIPTIVE.iter().any(|allowed| key.eq_ignore_ascii_case(allowed));
    (guarded && !descriptive).then_some(&CONTROL)
}

fn is_within(domain: &str, guarded: &str) -> bool {
    domain.strip_suffix(guarded).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(key: &str) -> Option<&'static str> {
        broken(key).map(|rule| rule.code)
    }

    #[test]
    fn keys_of_users_are_free() {
        let keys =
            ["app", "app.kubernetes.io/name", "example.com/owner", "notroost.dev/x", "mykubernetes.io/x", KEEP_AWAKE];
        for key in keys {
            assert_eq!(code(key), None, "{key}");
        }
    }

    #[test]
    fn keys_that_software_acts_on_are_refused() {
        for key in ["roost.dev/tenant", "x.roost.dev/y", "Roost.dev/project", "app.kubernetes.io/managed-by"] {
            assert_eq!(code(key), Some("key-of-the-platform"), "{key}");
        }
        let keys = [
            "kubernetes.io/ingress.class",
            "nginx.ingress.kubernetes.io/server-snippet",
            "service.beta.kubernetes.io/aws-load-balancer-type",
            "container.apparmor.security.beta.kubernetes.io/app",
            "seccomp.security.alpha.kubernetes.io/pod",
            "kubectl.kubernetes.io/last-applied-configuration",
            "gateway.networking.k8s.io/x",
            "k8s.v1.cni.cncf.io/networks",
            "cni.projectcalico.org/ipAddrs",
            "traefik.ingress.kubernetes.io/router.tls",
            "eks.amazonaws.com/role-arn",
            "io.kubernetes.cri-o.userns-mode",
            "pod-template-hash",
        ];
        for key in keys {
            assert_eq!(code(key), Some("key-of-the-cluster"), "{key}");
        }
    }
}
