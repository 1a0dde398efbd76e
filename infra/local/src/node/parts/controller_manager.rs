//! kube-controller-manager: quotas, namespaces, endpoints, volumes and the rest of the cluster's upkeep.

use super::{LIMIT, POD_ADDRESSES, flags, kubeconfig};
use crate::instance::Instance;
use crate::node::part::{Health, Part};

const NAME: &str = "kube-controller-manager";

pub(super) fn part(instance: &Instance) -> anyhow::Result<Part> {
    let kubeconfig = kubeconfig::for_part(instance, NAME)?.display().to_string();
    let certificate = |name: &str| instance.certificates().join(name).display().to_string();
    let mut arguments = flags(&[
        ("kubeconfig", &kubeconfig),
        ("authentication-kubeconfig", &kubeconfig),
        ("authorization-kubeconfig", &kubeconfig),
        ("tls-cert-file", &certificate("kube-controller-manager.crt")),
        ("tls-private-key-file", &certificate("kube-controller-manager.key")),
        ("service-account-private-key-file", &certificate("service-accounts.key")),
        ("root-ca-file", &certificate("ca.crt")),
        ("use-service-account-credentials", "true"),
        ("bind-address", "127.0.0.1"),
        ("leader-elect", "false"),
        ("cluster-cidr", POD_ADDRESSES),
        ("allocate-node-cidrs", "true"),
    ]);
    // With the default limits (20 requests a second, 5 quotas at once) the quota controller lets 20 tenants a second pass.
    arguments.extend(flags(&[
        ("kube-api-qps", "500"),
        ("kube-api-burst", "1000"),
        ("concurrent-resource-quota-syncs", "20"),
        ("concurrent-namespace-syncs", "20"),
    ]));
    Ok(Part {
        name: NAME.to_owned(),
        program: instance.program(NAME),
        arguments,
        environment: Vec::new(),
        needs: &["kube-apiserver"],
        needs_files: Vec::new(),
        health: Health::Http("https://127.0.0.1:10257/healthz".to_owned()),
        limit: LIMIT,
        address: "https://127.0.0.1:10257".to_owned(),
    })
}
