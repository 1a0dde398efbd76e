//! kubelet: makes the node out of containerd.

use std::fs;

use super::{LIMIT, flags, kubeconfig};
use crate::instance::Instance;
use crate::node::part::{Health, Part};
use crate::node::{cgroup, namespace};
use crate::template::fill;

const CONFIGURATION: &str = include_str!("../../../config/kubelet.yaml");

pub(super) fn part(instance: &Instance) -> anyhow::Result<Part> {
    let file = instance.state.join("kubelet.yaml");
    let (pki, state) = (instance.certificates().display().to_string(), instance.state.display().to_string());
    let values = [("pki", pki.as_str()), ("state", &state), ("cgroup", &cgroup::name(instance))];
    fs::write(&file, fill(CONFIGURATION, &values)?)?;
    let kubeconfig = kubeconfig::for_part(instance, "kubelet")?;
    Ok(Part {
        name: "kubelet".to_owned(),
        program: instance.program("kubelet"),
        arguments: flags(&[
            ("config", &file.display().to_string()),
            ("kubeconfig", &kubeconfig.display().to_string()),
            ("hostname-override", &instance.node_name()),
            ("node-ip", &instance.node_address().to_string()),
            ("root-dir", &instance.state.join("kubelet").display().to_string()),
        ]),
        environment: vec![("PATH".to_owned(), namespace::search_path(instance))],
        needs: &["kube-apiserver", "containerd"],
        needs_files: Vec::new(),
        health: Health::Http("http://127.0.0.1:10248/healthz".to_owned()),
        limit: LIMIT,
        address: format!("https://{}:10250", instance.node_address()),
    })
}
