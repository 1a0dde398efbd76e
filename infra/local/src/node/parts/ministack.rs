//! `MiniStack`: the AWS services, and the functions as native processes.

use std::fs;

use super::LIMIT;
use super::function_watch::{self, Watched};
use crate::install::stack::{ACCESS_KEY, REGION};
use crate::instance::{AWS_EMULATOR, Instance};
use crate::node::namespace;
use crate::node::part::{Health, Part};

pub(super) fn part(instance: &Instance) -> anyhow::Result<Part> {
    let address = instance.aws_node_endpoint();
    Ok(Part {
        name: AWS_EMULATOR.name.to_owned(),
        program: instance.program("ministack"),
        arguments: Vec::new(),
        environment: environment(instance, &address)?,
        needs: &[],
        needs_files: Vec::new(),
        health: Health::Http(format!("{address}/_ministack/health")),
        limit: LIMIT,
        address,
    })
}

fn environment(instance: &Instance, address: &str) -> anyhow::Result<Vec<(String, String)>> {
    let temporary = instance.state.join("tmp");
    fs::create_dir_all(&temporary)?;
    let host = instance.node_address().to_string();
    let settings = [
        ("BIND_HOST", host.clone()),
        // Part of queues' addresses: functions, pods and the host all reach it.
        ("MINISTACK_HOST", host),
        ("GATEWAY_PORT", instance.node_port(AWS_EMULATOR).to_string()),
        ("MINISTACK_REGION", REGION.to_owned()),
        // Functions inherit these.
        ("AWS_ENDPOINT_URL", address.to_owned()),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_DEFAULT_REGION", REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", ACCESS_KEY.to_owned()),
        // As the template's LoggingConfig has it, which the emulator does not pass on.
        ("AWS_LAMBDA_LOG_FORMAT", "JSON".to_owned()),
        ("AWS_LC_SYS_NO_JITTER_ENTROPY", "1".to_owned()),
        ("TMPDIR", temporary.display().to_string()),
        ("PATH", namespace::search_path(instance)),
    ];
    let mut environment: Vec<_> = settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    if instance.mode.watch {
        environment.extend(watched_functions(instance)?);
    }
    Ok(environment)
}

/// The events of these functions are handed on to `cargo lambda watch`.
fn watched_functions(instance: &Instance) -> anyhow::Result<Vec<(String, String)>> {
    let proxy = |watched: Watched| (format!("MINISTACK_LAMBDA_PROXY_{}", watched.function), watched.invocations());
    Ok(function_watch::watched(instance)?.into_iter().map(proxy).collect())
}
