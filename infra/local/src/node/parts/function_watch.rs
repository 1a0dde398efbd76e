//! `cargo lambda watch`: builds a function anew when its source changes, and runs it.

use std::env;
use std::time::Duration;

use crate::install::stack::{ACCESS_KEY, REGION};
use crate::instance::{AWS_EMULATOR, FUNCTION_WATCH, Instance};
use crate::node::namespace;
use crate::node::part::{Health, Part};

/// It answers before it has built a function.
const LIMIT: Duration = Duration::from_secs(60);

pub(super) fn part(instance: &Instance) -> Part {
    let (host, port) = (instance.node_address().to_string(), instance.node_port(FUNCTION_WATCH));
    let manifest = instance.project.join("Cargo.toml").display().to_string();
    let port_argument = port.to_string();
    let arguments = ["lambda", "watch", "--invoke-address", &host, "--invoke-port", &port_argument];
    let arguments = arguments.into_iter().chain(["--manifest-path", &manifest]);
    Part {
        name: FUNCTION_WATCH.name,
        program: instance.program("cargo-lambda"),
        arguments: arguments.map(str::to_owned).collect(),
        environment: environment(instance),
        needs: &["ministack"],
        health: Health::Http(format!("http://{host}:{port}/")),
        limit: LIMIT,
        address: format!("http://{host}:{port}"),
    }
}

fn environment(instance: &Instance) -> Vec<(String, String)> {
    let endpoint = format!("http://{}:{}", instance.node_address(), instance.node_port(AWS_EMULATOR));
    let mut environment = vec![
        ("AWS_ENDPOINT_URL".to_owned(), endpoint),
        ("AWS_REGION".to_owned(), REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID".to_owned(), ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY".to_owned(), ACCESS_KEY.to_owned()),
        ("PATH".to_owned(), namespace::search_path(instance)),
        // The node has no way out: what a build needs was fetched by the build before the start.
        ("CARGO_NET_OFFLINE".to_owned(), "true".to_owned()),
    ];
    environment.extend(env::var("HOME").map(|home| ("HOME".to_owned(), home)));
    environment
}
