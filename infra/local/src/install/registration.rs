//! Makes the cluster known to the functions.

use std::fs;
use std::time::Duration;

use anyhow::Context;
use aws_config::SdkConfig;
use roost_aws::secrets::PlatformSecrets;
use roost_aws::table::Table;
use roost_domain::cluster::{ClusterState, ConnectionSource};
use roost_domain::naming::ClusterName;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::{aws, kubectl, stack};
use crate::instance::{API_SERVER, Cluster, Instance};

const CLUSTER: &str = "local";
/// Kubernetes is good for 10,000 namespaces, those that are being removed and its own included.
const CAPACITY: u32 = 8_000;
const TOKEN_LIFETIME: Duration = Duration::from_hours(8760);

pub(super) async fn register(instance: &Instance) -> anyhow::Result<()> {
    let configuration = aws::configuration(instance).await;
    let connection = match instance.cluster {
        Cluster::Own => own_connection(instance).await?,
        Cluster::Existing => json!({ "kubeconfig": fs::read_to_string(instance.admin_kubeconfig())? }),
    };
    let secret_id = format!("roost/clusters/{CLUSTER}");
    let secrets = PlatformSecrets::new(aws_sdk_secretsmanager::Client::new(&configuration));
    secrets.write(&secret_id, &SecretString::from(connection.to_string())).await?;
    register_cluster(instance, &configuration, secret_id).await
}

async fn register_cluster(instance: &Instance, aws: &SdkConfig, secret_id: String) -> anyhow::Result<()> {
    let outputs = stack::outputs(instance)?;
    let table = outputs.get("TableName").context("the stack has no output TableName")?;
    let table = Table::new(aws_sdk_dynamodb::Client::new(aws), table.clone());
    let connection = ConnectionSource::Secret { secret_id };
    table.register_cluster(&ClusterName::parse(CLUSTER)?, &connection, ClusterState::Open, CAPACITY).await?;
    Ok(())
}

/// The functions act as the chart's identity, not as the administrator.
async fn own_connection(instance: &Instance) -> anyhow::Result<Value> {
    let lifetime = format!("--duration={}s", TOKEN_LIFETIME.as_secs());
    let create = ["create", "token", "roost-provisioner", "--namespace=roost-system", &lifetime];
    let token = kubectl::call(instance, &create).await?;
    Ok(json!({
        "host": format!("https://{}:{}", instance.node_address(), API_SERVER.port),
        "token": token.trim(),
        "ca": fs::read_to_string(instance.authority_file())?,
    }))
}
