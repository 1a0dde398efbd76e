//! etcd: the cluster's memory.

use super::{LIMIT, flags};
use crate::instance::Instance;
use crate::node::part::{Health, Part};

pub(super) const ADDRESS: &str = "http://127.0.0.1:2379";

pub(super) fn part(instance: &Instance) -> Part {
    let data = instance.state.join("etcd").display().to_string();
    let mut arguments = flags(&[
        ("data-dir", &data),
        ("listen-client-urls", ADDRESS),
        ("advertise-client-urls", ADDRESS),
        ("listen-peer-urls", "http://127.0.0.1:2380"),
        ("log-level", "warn"),
    ]);
    // A start always begins with an empty cluster: there is nothing that a power failure could lose.
    arguments.push("--unsafe-no-fsync".to_owned());
    Part {
        name: "etcd".to_owned(),
        program: instance.program("etcd"),
        arguments,
        environment: Vec::new(),
        needs: &[],
        needs_files: Vec::new(),
        health: Health::Http(format!("{ADDRESS}/readyz")),
        limit: LIMIT,
        address: ADDRESS.to_owned(),
    }
}
