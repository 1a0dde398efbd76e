//! The identity of the functions in the cluster, for attempts of its own.

use anyhow::{Result, bail};
use roost_aws::secrets::PlatformSecrets;
use roost_cluster::connection::{Connection, tenant_kubeconfig};
use secrecy::ExposeSecret;

use crate::owner::Owner;
use crate::running_platform::RunningPlatform;

const CLUSTER_SECRET: &str = "roost/clusters/local";

/// Whoever has the functions' credential, at home in that namespace.
pub async fn functions_identity(platform: &RunningPlatform, namespace: &str) -> Result<Owner> {
    let secrets = PlatformSecrets::new(aws_sdk_secretsmanager::Client::new(&platform.aws));
    let secret = secrets.read(CLUSTER_SECRET).await?;
    let connection = Connection::from_secret(secret.expose_secret())?;
    let Connection::Host { token, .. } = &connection else { bail!("{CLUSTER_SECRET} holds no token") };
    Owner::with(tenant_kubeconfig(&connection, namespace, token)?).await
}
