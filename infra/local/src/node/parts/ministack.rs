//! MiniStack: the AWS services, and the functions as native processes.

use std::fs;

use super::LIMIT;
use crate::install::stack::{ACCESS_KEY, REGION, template_functions};
use crate::instance::{AWS_EMULATOR, FUNCTION_WATCH, Instance};
use crate::node::namespace;
use crate::node::part::{Health, Part};

pub(super) fn part(instance: &Instance) -> anyhow::Result<Part> {
    let address = format!("http://{}:{}", instance.node_address(), instance.node_port(AWS_EMULATOR));
    Ok(Part {
        name: AWS_EMULATOR.name,
        program: instance.program("ministack"),
        arguments: Vec::new(),
        environment: environment(instance, &address)?,
        needs: &[],
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
        ("AWS_LC_SYS_NO_JITTER_ENTROPY", "1".to_owned()),
        ("TMPDIR", temporary.display().to_string()),
        ("PATH", namespace::search_path(instance)),
    ];
    let mut environment: Vec<_> = settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    if instance.watch {
        environment.extend(watched_functions(instance)?);
    }
    Ok(environment)
}

/// MiniStack hands the events of these functions on to `cargo lambda watch`.
fn watched_functions(instance: &Instance) -> anyhow::Result<Vec<(String, String)>> {
    let watch = format!("http://{}:{}", instance.node_address(), instance.node_port(FUNCTION_WATCH));
    let functions = template_functions(&instance.project)?.into_iter();
    let proxy = |name: String| {
        let address = format!("{watch}/2015-03-31/functions/{name}/invocations");
        (format!("MINISTACK_LAMBDA_PROXY_{name}"), address)
    };
    Ok(functions.map(proxy).collect())
}
