//! An address for the API that people can read: the gateway leads `api.` below the base domain to the function's URL.

use anyhow::Context;

use super::{kubectl, stack};
use crate::certificates::BASE_DOMAIN;
use crate::instance::{AWS_EMULATOR, GATEWAY_HTTPS, Instance};
use crate::mode::Cluster;
use crate::template::fill;

const MANIFEST: &str = include_str!("../../config/api-front.yaml");

/// The id by which the emulator knows the URL of a function, which the stack has as an output of that name.
pub(crate) fn function_id(instance: &Instance, output: &str) -> anyhow::Result<String> {
    let outputs = stack::outputs(instance)?;
    let url = outputs.get(output).with_context(|| format!("the stack has no output {output}"))?;
    let id = url.strip_prefix("https://").and_then(|host| host.split('.').next());
    id.map(str::to_owned).with_context(|| format!("{url:?} is not the URL of a function"))
}

/// Where people find the API and the console; empty where the gateway is somebody else's.
pub(crate) fn address(instance: &Instance) -> String {
    match instance.mode.cluster {
        Cluster::Own => format!("https://api.{BASE_DOMAIN}:{}", instance.local_port(GATEWAY_HTTPS)),
        Cluster::Existing { .. } => String::new(),
    }
}

/// The emulator is out of reach of somebody else's cluster.
pub(super) async fn install(instance: &Instance) -> anyhow::Result<()> {
    if instance.mode.cluster != Cluster::Own {
        return Ok(());
    }
    let (address, port) = (instance.node_address().to_string(), instance.node_port(AWS_EMULATOR).to_string());
    let function = function_id(instance, "ApiUrl")?;
    let values = [
        ("address", address.as_str()),
        ("baseDomain", BASE_DOMAIN),
        ("function", function.as_str()),
        ("port", port.as_str()),
    ];
    kubectl::apply(instance, "api-front.yaml", &fill(MANIFEST, &values)?).await
}
