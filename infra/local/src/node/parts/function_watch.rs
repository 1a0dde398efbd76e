//! `cargo lambda watch`, once for each function: builds it anew when its source changes, and runs it.

use std::env;
use std::time::Duration;

use crate::install::stack;
use crate::instance::Instance;
use crate::node::namespace;
use crate::node::part::{Health, Part};

pub(crate) const PROFILE: &str = "local";
/// It answers before it has built its function.
const LIMIT: Duration = Duration::from_mins(1);
/// The first function's; each further one has the next.
const FIRST_PORT: u16 = 9001;

/// A function, and where it is watched.
pub(crate) struct Watched {
    pub(crate) function: String,
    address: String,
    port: u16,
}

impl Watched {
    /// Where its events are sent.
    pub(crate) fn invocations(&self) -> String {
        format!("{}/2015-03-31/functions/{}/invocations", self.address, self.function)
    }
}

pub(crate) fn watched(instance: &Instance) -> anyhow::Result<Vec<Watched>> {
    let functions = stack::template_functions(&instance.project)?.into_iter().zip(FIRST_PORT..);
    let watched = |(function, port): (String, u16)| {
        let port = port + 100 * u16::from(instance.index);
        Watched { function, address: format!("http://{}:{port}", instance.node_address()), port }
    };
    Ok(functions.map(watched).collect())
}

pub(super) fn parts(instance: &Instance) -> anyhow::Result<Vec<Part>> {
    Ok(watched(instance)?.into_iter().map(|watched| part(instance, watched)).collect())
}

fn part(instance: &Instance, watched: Watched) -> Part {
    let settings = stack::function_settings_file(instance, &watched.function);
    let arguments = [
        "lambda".to_owned(),
        "watch".to_owned(),
        format!("--profile={PROFILE}"),
        format!("--package={}", watched.function),
        format!("--invoke-address={}", instance.node_address()),
        format!("--invoke-port={}", watched.port),
        format!("--manifest-path={}", instance.project.join("Cargo.toml").display()),
        format!("--env-file={}", settings.display()),
    ];
    Part {
        name: format!("watch-{}", watched.function),
        program: instance.program("cargo-lambda"),
        arguments: arguments.into(),
        environment: environment(instance),
        needs: &["ministack"],
        needs_files: vec![settings],
        health: Health::Connection((instance.node_address(), watched.port).into()),
        limit: LIMIT,
        address: watched.address,
    }
}

fn environment(instance: &Instance) -> Vec<(String, String)> {
    let settings = [
        ("AWS_ENDPOINT_URL", instance.aws_node_endpoint()),
        ("AWS_REGION", stack::REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", stack::ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", stack::ACCESS_KEY.to_owned()),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON".to_owned()),
        ("PATH", namespace::search_path(instance)),
        // The node has no way out: what a build needs was fetched by the build before the start.
        ("CARGO_NET_OFFLINE", "true".to_owned()),
    ];
    let settings = settings.into_iter().map(|(name, value)| (name.to_owned(), value));
    settings.chain(env::var("HOME").map(|home| ("HOME".to_owned(), home))).collect()
}
