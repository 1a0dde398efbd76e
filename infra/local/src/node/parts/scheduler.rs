//! kube-scheduler: finds a node for each pod.

use super::{LIMIT, flags, kubeconfig};
use crate::instance::Instance;
use crate::node::part::{Health, Part};

const NAME: &str = "kube-scheduler";

pub(super) fn part(instance: &Instance) -> anyhow::Result<Part> {
    let kubeconfig = kubeconfig::for_part(instance, NAME)?.display().to_string();
    let certificate = |name: &str| instance.certificates().join(name).display().to_string();
    Ok(Part {
        name: NAME.to_owned(),
        program: instance.program(NAME),
        arguments: flags(&[
            ("kubeconfig", &kubeconfig),
            ("authentication-kubeconfig", &kubeconfig),
            ("authorization-kubeconfig", &kubeconfig),
            ("tls-cert-file", &certificate("kube-scheduler.crt")),
            ("tls-private-key-file", &certificate("kube-scheduler.key")),
            ("bind-address", "127.0.0.1"),
            ("leader-elect", "false"),
        ]),
        environment: Vec::new(),
        needs: &["kube-apiserver"],
        needs_files: Vec::new(),
        health: Health::Http("https://127.0.0.1:10259/healthz".to_owned()),
        limit: LIMIT,
        address: "https://127.0.0.1:10259".to_owned(),
    })
}
