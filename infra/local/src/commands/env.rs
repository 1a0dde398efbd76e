//! Prints the exports by which any AWS SDK, `kubectl`, `curl` and `cargo lambda` talk to the platform.

use std::collections::BTreeMap;

use anyhow::Context;

use crate::certificates::BASE_DOMAIN;
use crate::install::api_front;
use crate::install::stack::{self, ACCESS_KEY, Outputs, REGION};
use crate::instance::{GATEWAY_HTTP, GATEWAY_HTTPS, INVOCATIONS, Instance, PROMETHEUS, REGISTRY};
use crate::issuer;
use crate::mode::Cluster;
use crate::parts;

pub(crate) fn run(instance: &Instance) -> anyhow::Result<()> {
    for (name, value) in variables(instance)? {
        println!("export {name}={}", quoted(&value));
    }
    println!("export PATH={}:\"$PATH\"", quoted(&instance.programs().display().to_string()));
    Ok(())
}

/// The exports, for a program that this one starts.
pub(super) fn variables(instance: &Instance) -> anyhow::Result<BTreeMap<&'static str, String>> {
    exports(instance, &stack::outputs(instance)?)
}

fn exports(instance: &Instance, outputs: &Outputs) -> anyhow::Result<BTreeMap<&'static str, String>> {
    let output = |name: &str| outputs.get(name).cloned().with_context(|| format!("the stack has no output {name}"));
    // At a path of its own the emulator answers without that any name has to be resolved.
    let function_url = |output: &str| -> anyhow::Result<String> {
        Ok(format!("{}/_aws/lambda-url/{}", instance.aws_endpoint(), api_front::function_id(instance, output)?))
    };
    let mut exports = BTreeMap::from([
        ("ROOST_API_URL", function_url("ApiUrl")?),
        ("ROOST_WAKE_PAGE_URL", function_url("WakePageUrl")?),
        ("AWS_ENDPOINT_URL", instance.aws_endpoint()),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", ACCESS_KEY.to_owned()),
        ("CARGO_LAMBDA_INVOKE_ADDRESS", "127.0.0.1".to_owned()),
        ("CARGO_LAMBDA_INVOKE_PORT", instance.local_port(INVOCATIONS).to_string()),
        ("KUBECONFIG", instance.admin_kubeconfig().display().to_string()),
        ("ROOST_ARTIFACT_BUCKET", output("ArtifactBucketName")?),
        ("ROOST_EVENT_BUS", output("EventBusName")?),
        ("ROOST_OIDC_ISSUER", issuer::address(instance)),
        ("ROOST_OIDC_KEY_FILE", issuer::key_file(instance).display().to_string()),
        ("ROOST_AXE_CORE", parts::axe_core_file(instance).display().to_string()),
        ("ROOST_INSTANCE", instance.name.clone()),
        ("ROOST_TABLE", output("TableName")?),
    ]);
    // Where somebody else's cluster has its gateway and the like is not known here.
    if instance.mode.cluster == Cluster::Own {
        exports.extend(own_cluster(instance));
    }
    Ok(exports)
}

fn own_cluster(instance: &Instance) -> [(&'static str, String); 9] {
    let local = |service| format!("127.0.0.1:{}", instance.local_port(service));
    [
        ("ROOST_API_ADDRESS", api_front::address(instance)),
        ("ROOST_AUDIT_LOG", instance.audit_log().display().to_string()),
        ("ROOST_BASE_DOMAIN", BASE_DOMAIN.to_owned()),
        ("ROOST_CA_FILE", instance.authority_file().display().to_string()),
        ("ROOST_GATEWAY_URL", format!("http://{}", local(GATEWAY_HTTP))),
        ("ROOST_GATEWAY_HTTPS", local(GATEWAY_HTTPS)),
        ("ROOST_NODE_ADDRESS", instance.node_address().to_string()),
        ("ROOST_PROMETHEUS_URL", format!("http://{}", local(PROMETHEUS))),
        ("ROOST_REGISTRY", local(REGISTRY)),
    ]
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        assert_eq!(quoted("o'neill's folder"), r"'o'\''neill'\''s folder'");
    }
}
