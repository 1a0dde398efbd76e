//! Creates or updates the stack and waits for the outcome.

use std::time::Duration;

use anyhow::{Context, bail};
use aws_config::SdkConfig;
use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::error::DisplayErrorContext;
use aws_sdk_cloudformation::types::{Capability, Parameter, Stack, StackStatus};
use aws_sdk_dynamodb::types::TimeToLiveSpecification;
use tokio::time::{Instant, sleep};

use super::{NAME, Outputs};
use crate::certificates::BASE_DOMAIN;
use crate::install::api_front;
use crate::instance::{GATEWAY_HTTPS, Instance};
use crate::issuer;
use crate::mode::Cluster;

/// What projects can chat with here.
const AGENTS: &str = include_str!("../../../config/agents.json");
const LIMIT: Duration = Duration::from_mins(2);
const PERIOD: Duration = Duration::from_millis(100);

pub(super) async fn deploy(instance: &Instance, template: &str, aws: &SdkConfig) -> anyhow::Result<Outputs> {
    let client = Client::new(aws);
    match describe(&client).await {
        Ok(_) => update(&client, template, parameters(instance)).await?,
        Err(_) => create(&client, template, parameters(instance)).await?,
    }
    let stack = wait_until_done(&client).await?;
    let outputs = stack.outputs.unwrap_or_default().into_iter();
    Ok(outputs.filter_map(|output| Some((output.output_key?, output.output_value?))).collect())
}

/// `MiniStack` leaves the expiry of items out when it creates a table.
pub(super) async fn enable_expiry(template: &str, outputs: &Outputs, aws: &SdkConfig) -> anyhow::Result<()> {
    let Some(attribute) = expiry_attribute(template) else { return Ok(()) };
    let table = outputs.get("TableName").context("the stack has no output TableName")?;
    let client = aws_sdk_dynamodb::Client::new(aws);
    let current = client.describe_time_to_live().table_name(table).send().await?;
    let current = current.time_to_live_description.and_then(|description| description.attribute_name);
    if current.as_deref() == Some(attribute) {
        return Ok(());
    }
    let expiry = TimeToLiveSpecification::builder().attribute_name(attribute).enabled(true).build()?;
    let request = client.update_time_to_live().table_name(table).time_to_live_specification(expiry);
    request.send().await.map(drop).map_err(|error| anyhow::anyhow!("{}", DisplayErrorContext(error)))
}

fn expiry_attribute(template: &str) -> Option<&str> {
    let (_, specification) = template.split_once("TimeToLiveSpecification:")?;
    let (_, name) = specification.split_once("AttributeName:")?;
    name.trim_start().split(|character: char| character == ',' || character.is_whitespace()).next()
}

fn parameters(instance: &Instance) -> Vec<Parameter> {
    let architecture = if std::env::consts::ARCH == "aarch64" { "arm64" } else { "x86_64" };
    // Somebody else's cluster may be signed by a public authority, so the machine's certificates stay in use.
    let certificates = match instance.mode.cluster {
        Cluster::Own => instance.authority_file().display().to_string(),
        Cluster::Existing { .. } => String::new(),
    };
    let issuer = issuer::address(instance);
    let (console, uploads) = (api_front::address(instance), instance.aws_endpoint());
    let gateway_port = match instance.mode.cluster {
        Cluster::Own => instance.local_port(GATEWAY_HTTPS).to_string(),
        Cluster::Existing { .. } => String::new(),
    };
    // The functions are in the node, where no name of an app leads anywhere.
    let gateway_address = match instance.mode.cluster {
        Cluster::Own => format!("{}:{}", instance.node_address(), instance.node_port(GATEWAY_HTTPS)),
        Cluster::Existing { .. } => String::new(),
    };
    let platform = if architecture == "arm64" { "linux/arm64" } else { "linux/amd64" };
    let parameters = [
        ("Agents", AGENTS),
        // The emulator collects an answer that streams, and loses its cookies.
        ("ApiInvokeMode", "BUFFERED"),
        ("Architecture", architecture),
        ("BaseDomain", BASE_DOMAIN),
        ("CertificateBundle", &certificates),
        ("ConsoleUrl", &console),
        ("GatewayAddress", &gateway_address),
        ("GatewayPort", &gateway_port),
        ("ImagePlatform", platform),
        ("OidcIssuer", &issuer),
        // Browsers send nothing in the clear from a safe page, except to the machine itself.
        ("UploadEndpoint", &uploads),
        // Twice as long as the local monitoring takes to see anything, so that a demo is short.
        ("MinimumAwakeSeconds", "10"),
        ("QuietSeconds", "10"),
    ];
    let parameter = |(key, value)| Parameter::builder().parameter_key(key).parameter_value(value).build();
    parameters.map(parameter).into()
}

fn capabilities() -> Vec<Capability> {
    vec![Capability::CapabilityIam, Capability::CapabilityNamedIam, Capability::CapabilityAutoExpand]
}

async fn create(client: &Client, template: &str, parameters: Vec<Parameter>) -> anyhow::Result<()> {
    let request = client.create_stack().stack_name(NAME).template_body(template);
    let created = request.set_capabilities(Some(capabilities())).set_parameters(Some(parameters)).send().await;
    created.map(drop).map_err(|error| anyhow::anyhow!("the stack is refused: {}", DisplayErrorContext(error)))
}

async fn update(client: &Client, template: &str, parameters: Vec<Parameter>) -> anyhow::Result<()> {
    let request = client.update_stack().stack_name(NAME).template_body(template);
    let updated = request.set_capabilities(Some(capabilities())).set_parameters(Some(parameters)).send().await;
    let Err(error) = updated else { return Ok(()) };
    // The error itself does not show what the service says.
    let words = DisplayErrorContext(error).to_string();
    if words.contains("No updates are to be performed") {
        Ok(())
    } else {
        bail!("the stack's update is refused: {words}")
    }
}

async fn describe(client: &Client) -> anyhow::Result<Stack> {
    let described = client.describe_stacks().stack_name(NAME).send().await?;
    described.stacks.unwrap_or_default().pop().context("the stack does not exist")
}

async fn wait_until_done(client: &Client) -> anyhow::Result<Stack> {
    let deadline = Instant::now() + LIMIT;
    loop {
        let stack = describe(client).await?;
        match stack.stack_status() {
            Some(StackStatus::CreateComplete | StackStatus::UpdateComplete) => return Ok(stack),
            Some(status) if !status.as_str().ends_with("_IN_PROGRESS") => {
                bail!("the stack is in state {}:\n{}", status.as_str(), failures(client).await?)
            }
            _ if Instant::now() > deadline => bail!("the stack was not done within {} s", LIMIT.as_secs()),
            _ => sleep(PERIOD).await,
        }
    }
}

async fn failures(client: &Client) -> anyhow::Result<String> {
    let events = client.describe_stack_events().stack_name(NAME).send().await?;
    let failed = events.stack_events.unwrap_or_default().into_iter().filter_map(|event| {
        let status = event.resource_status.filter(|status| status.as_str().ends_with("_FAILED"))?;
        let resource = event.logical_resource_id.unwrap_or_default();
        let reason = event.resource_status_reason.unwrap_or_default();
        Some(format!("    {resource}: {} {reason}\n", status.as_str()))
    });
    Ok(failed.collect())
}

#[cfg(test)]
mod tests {
    use super::expiry_attribute;

    #[test]
    fn the_expiry_attribute_is_the_templates() {
        let template = "Table:\n  TimeToLiveSpecification: { AttributeName: expires_at, Enabled: true }\n";
        assert_eq!(expiry_attribute(template), Some("expires_at"));
        assert_eq!(expiry_attribute("Table:\n  AttributeName: x\n"), None);
    }
}
