//! kube-proxy: leads Services' addresses to pods, with nftables of the node's own network namespace.

use std::fs;

use super::{LIMIT, flags, kubeconfig};
use crate::instance::Instance;
use crate::node::namespace;
use crate::node::part::{Health, Part};
use crate::template::fill;

const NAME: &str = "kube-proxy";
const CONFIGURATION: &str = include_str!("../../../config/kube-proxy.yaml");

pub(super) fn part(instance: &Instance) -> anyhow::Result<Part> {
    let kubeconfig = kubeconfig::for_part(instance, NAME)?.display().to_string();
    let file = instance.state.join("kube-proxy.yaml");
    fs::write(&file, fill(CONFIGURATION, &[("node", &instance.node_name()), ("kubeconfig", &kubeconfig)])?)?;
    Ok(Part {
        name: NAME.to_owned(),
        program: instance.program(NAME),
        arguments: flags(&[("config", &file.display().to_string())]),
        environment: vec![("PATH".to_owned(), namespace::search_path(instance))],
        needs: &["kube-apiserver"],
        needs_files: Vec::new(),
        health: Health::Http("http://127.0.0.1:10256/livez".to_owned()),
        limit: LIMIT,
        address: "http://127.0.0.1:10256".to_owned(),
    })
}
