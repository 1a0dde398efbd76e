//! kube-apiserver: what everyone speaks to.

use std::fs;

use super::{LIMIT, SERVICE_ADDRESSES, etcd, flags};
use crate::instance::{API_SERVER, Instance};
use crate::node::part::{Health, Part};

const AUDIT_POLICY: &str = include_str!("../../../config/audit-policy.yaml");

pub(super) fn part(instance: &Instance) -> anyhow::Result<Part> {
    fs::write(instance.state.join("audit-policy.yaml"), AUDIT_POLICY)?;
    let address = instance.node_address();
    Ok(Part {
        name: API_SERVER.name.to_owned(),
        program: instance.program("kube-apiserver"),
        arguments: arguments(instance),
        environment: Vec::new(),
        needs: &["etcd"],
        needs_files: Vec::new(),
        health: Health::Http(format!("https://127.0.0.1:{}/readyz", API_SERVER.port)),
        limit: LIMIT,
        address: format!("https://{address}:{}", API_SERVER.port),
    })
}

fn arguments(instance: &Instance) -> Vec<String> {
    let certificate = |name: &str| instance.certificates().join(name).display().to_string();
    let mut arguments = flags(&[
        ("etcd-servers", etcd::ADDRESS),
        ("bind-address", "0.0.0.0"),
        ("advertise-address", &instance.node_address().to_string()),
        ("secure-port", &API_SERVER.port.to_string()),
        ("service-cluster-ip-range", SERVICE_ADDRESSES),
        ("authorization-mode", "Node,RBAC"),
        ("enable-admission-plugins", "NodeRestriction"),
        ("allow-privileged", "true"),
        // Pods are reached through the node's address: its name means nothing to a resolver.
        ("kubelet-preferred-address-types", "InternalIP,Hostname"),
        ("kubelet-certificate-authority", &certificate("ca.crt")),
        ("kubelet-client-certificate", &certificate("kubelet-client.crt")),
        ("kubelet-client-key", &certificate("kubelet-client.key")),
        ("tls-cert-file", &certificate("kube-apiserver.crt")),
        ("tls-private-key-file", &certificate("kube-apiserver.key")),
        ("client-ca-file", &certificate("ca.crt")),
        ("service-account-issuer", "https://kubernetes.default.svc"),
        ("service-account-key-file", &certificate("service-accounts.pub")),
        ("service-account-signing-key-file", &certificate("service-accounts.key")),
    ]);
    arguments.extend(flags(&[
        ("audit-policy-file", &instance.state.join("audit-policy.yaml").display().to_string()),
        ("audit-log-path", &instance.audit_log().display().to_string()),
        // Written before the answer goes out, so that whoever got an answer finds its line.
        ("audit-log-mode", "blocking"),
    ]));
    arguments
}
